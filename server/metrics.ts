/** What `/metrics` shows (Prometheus text). One registry per server, so that tests can run several in a process. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, type GaugeConfiguration, Histogram, Registry } from 'prom-client';
import { show } from './gauges.ts';

const RESOLUTION_MS = 10;
const SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export interface QueueCounts {
  readonly waiting: number;
  readonly running: number;
  readonly dead: number;
}

export function createMetrics(queueCounts: () => Promise<QueueCounts>) {
  const registry = new Registry();
  const registers = [registry];
  const lag = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  lag.enable();
  // The histogram holds the time between two ticks of its timer: a loop without any delay shows the timer's own interval.
  const lagMs = (percentile: number): number => Math.max(0, lag.percentile(percentile) / 1e6 - RESOLUTION_MS);
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
    query: new Histogram({
      name: 'ap_database_query_seconds',
      help: "Duration of the database's reads and writes, tries included (Postgres).",
      buckets: SECONDS,
      registers,
    }),
    blobs: new Histogram({
      name: 'ap_blob_call_seconds',
      help: 'Duration of calls to the S3 store by operation and outcome.',
      labelNames: ['operation', 'outcome'],
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
    read: new Counter({
      name: 'ap_invoices_read_total',
      help: 'Invoices read, by what the rules made of them: ready, or an exception for a person.',
      labelNames: ['verdict'],
      registers,
    }),
    unreadable: new Counter({
      name: 'ap_unreadable_total',
      help: 'Documents that could not be read, by reason.',
      labelNames: ['reason'],
      registers,
    }),
    backups: new Counter({
      name: 'ap_backups_total',
      help: 'Looks at whether the database needs a copy, by what came of it: made, unchanged, recent, large, suspect, failed.',
      labelNames: ['outcome'],
      registers,
    }),
    lastBackup: new Gauge({
      name: 'ap_last_backup_timestamp_seconds',
      help: 'When the newest copy of the database was made; 0 where there is none.',
      registers,
    }),
    storeRestarts: new Counter({
      name: 'ap_store_thread_restarts_total',
      help: 'Times a thread of the database ended unexpectedly and was started again.',
      labelNames: ['thread'],
      registers,
    }),
    damaged: new Gauge({
      name: 'ap_database_damaged',
      help: '1 once damage was found in the database, which is not written to any more.',
      registers,
    }),
    /** Starts a clock; the returned function observes the stage's duration. */
    startStage(stage: string): () => number {
      return metrics.stage.startTimer({ stage });
    },
    registry,
    text: () => registry.metrics(),
    contentType: registry.contentType,
    close: () => {
      lag.disable();
      registry.clear();
    },
  };
  const gauges: readonly GaugeConfiguration<string>[] = [
    {
      name: 'ap_queue_jobs',
      help: 'Jobs in the queue by state.',
      labelNames: ['state'],
      collect() {
        return show(this, async () =>
          Object.entries(await queueCounts()).map(([state, count]) => [{ state }, Number(count)] as const),
        );
      },
    },
    {
      name: 'ap_event_loop_delay_seconds',
      help: 'Delay of the event loop since the start, by quantile.',
      labelNames: ['quantile'],
      collect() {
        for (const quantile of [50, 90, 99, 100])
          this.set({ quantile: String(quantile / 100) }, lagMs(quantile) / 1000);
      },
    },
    {
      name: 'ap_process_resident_memory_bytes',
      help: 'Resident memory of the server process.',
      collect() {
        this.set(process.memoryUsage.rss());
      },
    },
  ];
  for (const gauge of gauges) registry.registerMetric(new Gauge({ ...gauge, registers: [] }));
  return metrics;
}

export type Metrics = ReturnType<typeof createMetrics>;
