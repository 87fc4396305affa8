const many = (n: number, one: string, more: string) => (n === 1 ? one : more);

export const awards = {
  title: "Awards",
  owed: "Money owed",
  all: "All awards",
  many: (n: string) => (n === "1" ? "1 award" : `${n} awards`),
  none: { title: "No awards", text: "A settled race writes here what its winners are owed." },
  status: "Status",
  statuses: { pending: "Pending", approved: "Approved", paid: "Paid", rejected: "Rejected" },
  raceNumber: "Number of a race",
  player: "Player",
  playerHint: "Name, number or uid",
  winner: "Winner",
  race: "Race",
  place: "Place",
  amount: "Amount",
  acts: "To do",
  choose: "Choose the award of",
  chooseAll: (n: string) => `Choose all ${n} pending here`,
  approveChosen: (n: string) => `Approve ${n} chosen`,
  approve: "Approve",
  pay: "Mark as paid",
  reject: "Reject",
  approvedBy: (who: string) => `approved by ${who}`,
  paidBy: (who: string, reference: string) => `paid by ${who}, ${reference}`,
  rejectedBy: (who: string, reason: string) => `rejected by ${who}: ${reason}`,
  approveTitle: (n: number) => many(n, "Approve the award", `Approve ${n} awards`),
  approveSays: (sum: string) =>
    `${sum} may be paid out then. Where four eyes are asked for, somebody else has to pay what you approve.`,
  saidApproved: (n: number, sum: string) => `${many(n, "1 award", `${n} awards`)} approved, ${sum}.`,
  payTitle: (name: string) => `Mark ${name}'s award as paid`,
  paySays: (sum: string, race: string) =>
    `This says that ${sum} for ${race} was paid out, and moves it in the books. It sends no money.`,
  reference: "Reference of the payment",
  referenceHint: "By which it is found where it was paid",
  saidPaid: (name: string, sum: string) => `${name} is paid, ${sum}.`,
  rejectTitle: (name: string) => `Reject ${name}'s award`,
  rejectSays: (name: string, race: string) =>
    `All that ${name} is owed of ${race} is rejected. Whether those behind move up is in the race's terms.`,
  rejectHint: "The player reads it",
  saidRejected: (name: string, gained: number) =>
    gained === 0
      ? `${name}'s award is rejected.`
      : `${name}'s award is rejected; ${many(gained, "1 award goes", `${gained} awards go`)} to others.`,
  download: "Download what is due",
  sheet: "Pay by CSV",
  sheetSays:
    "Download what is due, fill in a reference for each award that was paid, and send the file back. All of its lines count, or none.",
  sheetFile: "The sheet, filled in",
  sheetHint: "Lines without a reference are left out",
  saidSheet: (n: number, sum: string, left: number) =>
    `${many(n, "1 award", `${n} awards`)} paid, ${sum}; ${many(left, "1 line", `${left} lines`)} left out.`,
} as const;
