/** The action that each endpoint is. An endpoint that is not named here is refused at a site, and a test fails. */
import type { Action } from './actions.ts';

export const ENDPOINT_ACTIONS: Readonly<Record<string, Action | 'open'>> = {
  health: 'open',
  status: 'session.own',
  events: 'invoice.read',
  upload: 'invoice.upload',
  presignUploads: 'invoice.upload',
  completeUploads: 'invoice.upload',
  abandonUpload: 'invoice.upload',
  listInvoices: 'invoice.read',
  getInvoice: 'invoice.read',
  getHistory: 'invoice.read',
  correctFields: 'invoice.correct',
  addLine: 'invoice.correct',
  deleteLine: 'invoice.correct',
  restoreLine: 'invoice.correct',
  // The least of what a transition can be; which it is stands in its body (`transitionAction`).
  transition: 'invoice.read',
  // core/contract/settling-http.ts
  listConflicts: 'invoice.read',
  getConflicts: 'invoice.read',
  settleRow: 'invoice.correct',
  unsettle: 'invoice.correct',
  listDuplicates: 'invoice.read',
  getDuplicates: 'invoice.read',
  mergeDuplicate: 'invoice.resolve',
  notDuplicate: 'invoice.resolve',
  reprocess: 'invoice.reread',
  cancelReading: 'invoice.reread',
  getTree: 'document.read',
  getDocument: 'document.read',
  getWords: 'document.read',
  readRegion: 'invoice.correct',
  prepareRegion: 'invoice.correct',
  getPageImage: 'document.read',
  createExport: 'export.create',
  listExports: 'export.read',
  getExportFile: 'export.read',
  getErasure: 'audit.read',
  listErasures: 'audit.read',
  askErasure: 'data.erase',
  confirmErasure: 'data.erase',
  withdrawErasure: 'data.erase',
  listVendors: 'vendor.read',
  getVendor: 'vendor.read',
  forgetLessons: 'vendor.teach',
  restoreLessons: 'vendor.teach',
  listJobs: 'jobs.read',
  listDeadJobs: 'jobs.read',
  replayJob: 'jobs.replay',
  replayDeadJobs: 'jobs.replay',
  purgeDeadJobs: 'jobs.replay',
  getSettings: 'settings.read',
  putSettings: 'settings.change',
  startOwnWorkspace: 'workspace.switch',
  // core/contract/access.ts
  siteInfo: 'open',
  deviceStanding: 'open',
  me: 'session.own',
  signOut: 'session.own',
  // Names stand beside what was done, nothing else of a person does.
  listNames: 'invoice.read',
  listUsers: 'user.read',
  inviteUser: 'user.change',
  addService: 'user.change',
  getUser: 'user.read',
  changeUser: 'user.change',
  disableUser: 'user.change',
  enableUser: 'user.change',
  resetSecondFactor: 'user.change',
  inviteAgain: 'user.change',
  listDevices: 'device.read',
  listOwnDevices: 'device.own',
  enrolDevice: 'device.own',
  renameDevice: 'device.own',
  revokeOwnDevice: 'device.own',
  revokeDevice: 'device.revoke',
  listSecurityEvents: 'audit.read',
  // core/contract/sync-http.ts
  syncHead: 'sync.pull',
  pushOps: 'sync.push',
  snapshot: 'sync.pull',
  snapshotBytes: 'sync.pull',
  rootOps: 'sync.pull',
  pullOps: 'sync.pull',
  offerBlobs: 'sync.push',
  completeBlob: 'sync.push',
  // By the signature in its address, which was given to somebody who may push.
  putBlob: 'open',
  blob: 'sync.pull',
  // core/contract/together-http.ts
  getTogether: 'invoice.read',
  keepDesk: 'invoice.read',
  leaveDesk: 'invoice.read',
  claimNext: 'invoice.correct',
  getLease: 'invoice.read',
  takeLease: 'sync.push',
  returnLease: 'sync.push',
  releaseLease: 'lease.release',
  // core/contract/webhooks.ts
  listWebhooks: 'webhook.read',
  createWebhook: 'webhook.change',
  getWebhook: 'webhook.read',
  changeWebhook: 'webhook.change',
  enableWebhook: 'webhook.change',
  disableWebhook: 'webhook.change',
  deleteWebhook: 'webhook.change',
  rotateWebhookSecret: 'webhook.change',
  pingWebhook: 'webhook.change',
  listWebhookDeliveries: 'webhook.read',
  replayWebhookDelivery: 'webhook.change',
};

/** What a wished transition is. A state that nobody wishes for is refused by the transition itself, and asks for the most here. */
export function transitionAction(to: unknown): Action {
  switch (to) {
    case 'confirmed':
      return 'invoice.confirm';
    case 'received':
    case 'rejected':
    case 'on_hold':
    case 'info_requested':
    case 'duplicate':
    case 'void':
      return 'invoice.resolve';
    default:
      return 'invoice.approve';
  }
}
