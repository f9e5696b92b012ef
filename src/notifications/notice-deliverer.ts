import type { Logger } from '../core/logger.ts';
import { Deliverer, type DelivererTimes, type DeliveryWork } from '../delivery/deliverer.ts';
import {
  type ClaimedNotice,
  claimNotices,
  laneOf,
  type NoticeOutcome,
  recordNotice,
  releaseNotice,
} from '../store/notices.ts';
import { type SendNoticeDeps, sendNotice } from './send-notice.ts';

// Sends messages to people, those of alerts and those to members. At least once: an attempt that died with its process
// is made again under the same id when its claim has lapsed. A server that closes lets a mail come to its end.

export interface NoticeDelivererOptions extends SendNoticeDeps, DelivererTimes {
  readonly logger: Logger;
}

export class NoticeDeliverer extends Deliverer<ClaimedNotice, NoticeOutcome> {
  constructor(options: NoticeDelivererOptions) {
    super(workOf(options), { logger: options.logger, times: options });
  }
}

function workOf(options: NoticeDelivererOptions): DeliveryWork<ClaimedNotice, NoticeOutcome> {
  const { db, logger } = options;
  const about = ({ id, channel }: ClaimedNotice) => ({ noticeId: id, channel });
  return {
    name: 'Messages to people',
    about,
    laneOf,
    claim: (request) => claimNotices(db, request),
    attempt: (notice, signal) => sendNotice(options, notice, signal),
    release: (notice) => releaseNotice(db, notice),
    async record(notice, outcome) {
      await recordNotice(db, notice, outcome);
      const { error, againMs } = outcome;
      if (error === null || againMs !== null) return;
      logger.warn({ ...about(notice), error }, 'A message to people could not be sent');
    },
  };
}
