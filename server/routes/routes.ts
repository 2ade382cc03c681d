/** Every route of the station. */
import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';
import { installDocumentRoutes } from './documents.ts';
import { installExportRoutes } from './exports.ts';
import { installInvoiceRoutes } from './invoices.ts';
import { installJobRoutes } from './jobs.ts';
import { installRegionRoutes } from './regions.ts';
import { installReviewRoutes } from './review.ts';
import { installStationRoutes } from './station.ts';
import { installUploadRoutes } from './upload.ts';
import { installVendorRoutes } from './vendors.ts';

export function installRoutes(app: FastifyInstance, context: Context): void {
  installStationRoutes(app, context);
  installJobRoutes(app, context);
  installUploadRoutes(app, context);
  installInvoiceRoutes(app, context);
  installRegionRoutes(app, context);
  installReviewRoutes(app, context);
  installDocumentRoutes(app, context);
  installExportRoutes(app, context);
  installVendorRoutes(app, context);
}
