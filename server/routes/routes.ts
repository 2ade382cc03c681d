/** Every route of a workspace. */
import type { FastifyInstance } from 'fastify';
import type { Contexts } from '../context.ts';
import { servingIn } from '../endpoint.ts';
import { installDocumentRoutes } from './documents.ts';
import { installErasureRoutes } from './erasures.ts';
import { installExportRoutes } from './exports.ts';
import { installInvoiceRoutes } from './invoices.ts';
import { installJobRoutes } from './jobs.ts';
import { installRegionRoutes } from './regions.ts';
import { installReviewRoutes } from './review.ts';
import { installSettlingRoutes } from './settling.ts';
import { installHealth, installStationRoutes } from './station.ts';
import { installUploadRoutes } from './upload.ts';
import { installVendorRoutes } from './vendors.ts';

export function installRoutes(app: FastifyInstance, contexts: Contexts): void {
  installHealth(app);
  const on = servingIn(app, contexts);
  installStationRoutes(on);
  installJobRoutes(on);
  installUploadRoutes(on);
  installInvoiceRoutes(on);
  installRegionRoutes(on);
  installReviewRoutes(on);
  installSettlingRoutes(on);
  installDocumentRoutes(on);
  installErasureRoutes(on);
  installExportRoutes(on);
  installVendorRoutes(on);
}
