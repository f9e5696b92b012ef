import { z } from '@hono/zod-openapi';
import { requireSession } from '../../chat/sessions.ts';
import { type MintedToken, mintChatToken } from '../../chat/tokens.ts';
import { ApiError } from '../../core/errors.ts';
import { revokeChatToken } from '../../store/chat-tokens.ts';
import { deleted } from '../answer.ts';
import { claimIn, keepAnswer } from '../idempotency.ts';
import { defineRoute } from '../route.ts';
import { ofObject } from './fields.ts';

const tag = 'Chat';
const resource = 'chat';

const minted = z
  .object({
    token: z.string().openapi({ description: 'Shown this once.' }),
    jti: z.string(),
    session_id: z.string(),
    expires_at: z.string().openapi({ format: 'date-time' }),
  })
  .openapi('EndUserSession');

const mint = z
  .object({
    session_id: z.string().openapi({ description: 'The chat session it is for.' }),
    allowed_agent_ids: z
      .array(z.union([z.number().int(), z.string()]))
      .max(100)
      .nullable()
      .default(null)
      .openapi({ description: 'The session’s agent must be among them; by default it is.' }),
    end_company_id: z
      .union([z.string().max(255), z.number()])
      .nullable()
      .default(null)
      .openapi({ description: 'Kept with the token.' }),
    end_user: z.string().min(1).max(255).nullable().default(null),
    end_user_email: z.email().max(320).nullable().default(null),
    ttl_seconds: z.number().int().min(60).max(86_400).default(3_600),
    client_id: z.union([z.string(), z.number()]).nullable().optional().openapi({
      description: 'Of a platform’s own relay; decides nothing here.',
    }),
  })
  .openapi('MintSessionRequest');

export const chatTokenRoutes = [
  defineRoute(
    {
      method: 'post',
      path: '/public-api/sessions',
      operationId: 'public_api.sessions_post',
      tag,
      summary: 'Mint a token for a person outside',
      description:
        'It reaches its own chat session and nothing else, until it expires, is revoked, or the session is closed. Who they are is what is said here: nothing that they send changes it.',
      resource,
      right: 'write',
      workspace: { from: 'header', need: 'optional' },
      body: mint,
      bodyRequired: true,
      bodyExample: { session_id: 'cv0', end_user: 'ada' },
      idempotent: 'create',
      secretAnswer: true,
      errors: { 409: 'The session is closed' },
      responses: { 201: { description: 'Created.', data: minted } },
    },
    async ({ body, scope, idempotency }, deps) => {
      const session = await requireSession(deps.db, { scope, id: body.session_id });
      const { end_company_id: company, allowed_agent_ids: allowed } = body;
      const claim = claimIn(session.workspaceId, idempotency);
      const answerOf = ({ credential, secret }: MintedToken) => ({
        status: 201,
        data: {
          token: secret,
          jti: credential.id,
          session_id: credential.sessionId,
          expires_at: credential.expiresAt.toISOString(),
        },
      });
      const given = {
        session,
        endUser: body.end_user,
        endUserEmail: body.end_user_email,
        endCompanyId: company === null ? null : String(company),
        allowedAgents: allowed?.map(String) ?? null,
        ttlS: body.ttl_seconds,
      };
      return answerOf(await mintChatToken(deps, given, keepAnswer(deps, claim, answerOf)));
    },
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/public-api/sessions/{jti}',
      operationId: 'public_api.sessions_detail_delete',
      tag,
      summary: 'Revoke a token of a person outside',
      description: 'At once; streams that are open under it end within seconds.',
      resource,
      right: 'write',
      workspace: ofObject,
      params: z.object({ jti: z.string().openapi({ description: 'Of the token.' }) }),
      responses: {
        200: { description: 'Success.', data: z.object({ id: z.string(), deleted: z.boolean() }) },
      },
    },
    async ({ params: { jti }, scope }, deps) => {
      if (await revokeChatToken(deps.db, scope, jti)) return deleted(jti);
      throw new ApiError('not_found', `There is no token ${jti}.`);
    },
  ),
];
