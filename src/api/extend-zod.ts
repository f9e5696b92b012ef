// Gives zod's schemas what the API's documents are made from. Only schemas that are made afterwards have it, so the
// process imports this before anything else.
import '@hono/zod-openapi';
