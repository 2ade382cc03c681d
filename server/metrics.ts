/** What `/metrics` shows (Prometheus text). One registry per server, so that tests can run several in a process. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export interface QueueCounts {
  readonly waiting: number;
  readonly running: number;
  readonly dead: number;
}

export function createMetrics(queueCounts: () => Promise<QueueCounts>) {
  const registry = new Registry();
  const registers = [registry];
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  const metrics = {
    http: new Histogram({
      name: 'ap_http_request_seconds',
      help: 'Duration of HTTP requests by route.',
      labelNames: ['method', 'route', 'status'],
      buckets: SECONDS,
      registers,
    }),
    jobs: new Counter({
      name: 'ap_jobs_total',
      help: 'Jobs ended, by name and outcome.',
      labelNames: ['name', 'outcome'],
      registers,
    }),
    stage: new Histogram({
      name: 'ap_stage_seconds',
      help: 'Duration of the stages of work.',
      labelNames: ['stage'],
      buckets: SECONDS,
      registers,
    }),
    pages: new Counter({
      name: 'ap_pages_total',
      help: 'Pages read, by where their words come from.',
      labelNames: ['source'],
      registers,
    }),
    findings: new Counter({
      name: 'ap_findings_total',
      help: 'Findings of newly read invoices, by code.',
      labelNames: ['code', 'severity'],
      registers,
    }),
    unreadable: new Counter({
      name: 'ap_unreadable_total',
      help: 'Documents that could not be read, by reason.',
      labelNames: ['reason'],
      registers,
    }),
    /** Starts a clock; the returned function observes the stage's duration. */
    startStage(stage: string): () => number {
      return metrics.stage.startTimer({ stage });
    },
    /** Forgets the delays measured so far: a bench measures its own span. */
    resetLag: () => lag.reset(),
    lagMs: (percentile: number) => lag.percentile(percentile) / 1e6,
    text: () => registry.metrics(),
    contentType: registry.contentType,
    close: () => {
      lag.disable();
      registry.clear();
    },
  };
  new Gauge({
    name: 'ap_queue_jobs',
    help: 'Jobs in the queue by state.',
    labelNames: ['state'],
    registers,
    async collect() {
      for (const [state, count] of Object.entries(await queueCounts())) this.set({ state }, Number(count));
    },
  });
  new Gauge({
    name: 'ap_event_loop_delay_seconds',
    help: 'Delay of the event loop since the start, by quantile.',
    labelNames: ['quantile'],
    registers,
    collect() {
      for (const quantile of [50, 90, 99, 100])
        this.set({ quantile: String(quantile / 100) }, lag.percentile(quantile) / 1e9);
    },
  });
  new Gauge({
    name: 'ap_process_resident_memory_bytes',
    help: 'Resident memory of the server process.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  return metrics;
}

export type Metrics = ReturnType<typeof createMetrics>;
