import { z } from '@hono/zod-openapi';
import { requireSession } from '../../chat/sessions.ts';
import { reserveUpload, takeUpload, uploadLimits } from '../../chat/uploads.ts';
import { requireAttachment } from '../../conversations/send.ts';
import { imageTypes } from '../../core/image.ts';
import { ok } from '../answer.ts';
import { readBytes } from '../body.ts';
import { asDownload } from '../download.ts';
import { defineRoute } from '../route.ts';
import { proofIn, signedQuery, signedUrl } from '../signed-links.ts';
import { sessionParams } from './chat-sessions.ts';
import { ofObject } from './fields.ts';

const tag = 'Chat';
const resource = 'chat';

const place = z
  .object({
    upload_url: z.string().openapi({
      description: 'PUT the bytes here once, within 15 minutes, without a token.',
    }),
    blob_path: z.string().openapi({ description: 'What a message names the file by.' }),
    mime: z.enum(imageTypes),
    max_image_bytes: z.number().int(),
  })
  .openapi('UploadUrl');

const attachmentId = z.string().openapi({ description: 'The `blob_path`.' });

export const chatAttachmentRoutes = [
  defineRoute(
    {
      method: 'post',
      path: '/public-api/chat/sessions/{session_id}/attachments/upload-url',
      operationId: 'public_api.chat_attachments_upload_url_post',
      tag,
      summary: 'Get a signed URL to upload a chat image',
      description: 'It is good for that one file. What no message takes within a day is removed.',
      resource,
      right: 'write',
      workspace: ofObject,
      params: sessionParams,
      endUsers: true,
      body: z
        .object({ content_type: z.enum(imageTypes), filename: z.string().min(1).max(255) })
        .openapi('UploadUrlRequest'),
      bodyRequired: true,
      bodyExample: { content_type: 'image/png', filename: 'screenshot.png' },
      errors: { 409: 'The session is closed, or has too many uploads that no message has used' },
      responses: { 200: { description: 'Success.', data: place } },
    },
    async (call, deps) => {
      const { scope, body } = call;
      const id = call.params.session_id;
      const session = await requireSession(deps.db, { scope, id });
      const { content_type: mediaType, filename } = body;
      const nowMs = Date.now();
      const proof = await reserveUpload(deps, { session, mediaType, filename, nowMs });
      const path = `/public-api/chat/attachments/${proof.id}`;
      return ok({
        upload_url: signedUrl(deps, call, { path, proof }),
        blob_path: proof.id,
        mime: mediaType,
        max_image_bytes: uploadLimits.maxBytes,
      });
    },
  ),
  defineRoute(
    {
      method: 'put',
      path: '/public-api/chat/attachments/{attachment_id}',
      operationId: 'public_api.chat_attachments_put',
      tag,
      summary: 'Upload a chat image',
      description: 'To a URL that was asked for. The bytes decide what it is, not their header.',
      resource,
      right: 'public',
      workspace: 'none',
      params: z.object({ attachment_id: attachmentId }),
      query: z.object(signedQuery),
      body: z.string(),
      readsBody: true,
      bodyContentType: 'application/octet-stream',
      errors: {
        403: 'The URL is not valid, or not any more',
        404: 'There is no such upload',
        409: 'The file was uploaded before',
        413: 'It is larger than 5 MiB',
      },
      responses: { 201: { description: 'Kept.', data: z.object({ blob_path: z.string() }) } },
    },
    async ({ params: { attachment_id: id }, query, http }, deps) => {
      await takeUpload(deps, {
        ...{ id, ...proofIn(query) },
        readBytes: () => readBytes(http.req.raw, uploadLimits.maxBytes),
      });
      return { status: 201, data: { blob_path: id } };
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/public-api/chat/sessions/{session_id}/attachments/{attachment_id}',
      operationId: 'public_api.chat_attachments_get',
      tag,
      summary: 'Download a file of a chat',
      description: 'As a download: no browser is to show or run it from here.',
      resource,
      right: 'read',
      workspace: ofObject,
      params: sessionParams.extend({ attachment_id: attachmentId }),
      endUsers: true,
      responses: { 200: { description: 'The file.', contentType: 'application/octet-stream' } },
    },
    async ({ params: { session_id: id, attachment_id: attachmentId }, scope }, deps) => {
      await requireSession(deps.db, { scope, id });
      return asDownload(await requireAttachment(deps.db, { scope, id, attachmentId }));
    },
  ),
];
