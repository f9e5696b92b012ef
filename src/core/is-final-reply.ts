/** Replies about our own login (RFC 4954): people mend it, and the mail is taken then. */
const ofLogin = [530, 534, 535, 538];

/** Whether a mail server that replied so will never take this mail. */
export function isFinalReply(code: number): boolean {
  return code >= 500 && !ofLogin.includes(code);
}
