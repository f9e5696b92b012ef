// The approved policies: free until so many days before arrival, then a fee.
const policies = {
  flexible: { freeUntilDays: 1, fee: ({ nightCents }) => nightCents },
  moderate: { freeUntilDays: 5, fee: ({ nightCents }) => nightCents },
  strict: { freeUntilDays: 14, fee: ({ totalCents }) => Math.round(totalCents / 2) },
};

export async function main({ check_in, nights, nightly_rate, policy, currency }) {
  const arrival = new Date(`${check_in}T00:00:00Z`);
  if (Number.isNaN(arrival.getTime())) throw new Error(`check_in: ${check_in} is not a date`);
  if (nights < 1) throw new Error(`nights: a stay has at least one night, not ${nights}`);

  // In cents: amounts of money are no fractions.
  const nightCents = Math.round(nightly_rate * 100);
  const totalCents = nightCents * nights;
  const { freeUntilDays, fee } = policies[policy];
  const feeCents = fee({ nightCents, totalCents });
  const lastFreeDay = new Date(arrival);
  lastFreeDay.setUTCDate(lastFreeDay.getUTCDate() - freeUntilDays);
  const free_until = lastFreeDay.toISOString().slice(0, 10);

  const money = (cents) => `${(cents / 100).toFixed(2)} ${currency}`;
  return {
    message: `${money(totalCents)} in total. Free to cancel until ${free_until}, afterwards the fee is ${money(feeCents)} (policy: ${policy}).`,
    rawData: { total: totalCents / 100, fee: feeCents / 100, currency, free_until, policy },
  };
}
