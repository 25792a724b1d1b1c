// Package invite is the part of a wave that knows people: who may take part, the PIN of each, and how they are told. It
// reads the file with the frame, keeps the people, sends mails, prints letters, cards and labels, and recognises who comes.
//
// # Words
//
//   - frame: the people who may take part in a wave; fixed at the launch.
//   - person: somebody of the frame. Group variables stand beside each.
//   - PIN: ten characters that open the invitation of one person. Mail link, QR of a card and letter all carry the same one.
//   - letter, card, label: an invitation on paper, for who has no mailbox.
//   - bounced: the mail server did not take the invitation; the person gets another address or a letter.
//   - refused: the person said that they want no more reminders.
//
// # What HR sees, and what it does not
//
// The frame is HR's own list, so HR sees names, addresses and how each was invited: not yet, by mail, on paper, or that the
// mail came back. HR sees nothing from which it follows who took part, because a colleague who knows could press others:
//
//   - No list, search, order or count uses the columns taken and drawn. The list is in the order of names.
//   - A reminder goes only to who has not taken part. So nothing shows to whom one went: its mails are in no list of the
//     outbox, it changes neither the state of a person nor any date that is shown, and one that comes back is not told.
//     Otherwise "bounced at the second reminder" would say "had not taken part by then".
//   - How many reminders went out is "people with an address minus people who took part". It is not shown: the number of
//     answers is told by the wave itself, in groups of at least k and by day, and a second number at another moment
//     would let somebody subtract. What is shown is when reminders are planned.
//   - Who refused has not taken part, so a refusal shows as what it was before: invited. How many refused is told from k on.
//   - Sending an invitation again to one person, or a corrected address, does and shows the same whether or not that person
//     took part; only the mail itself is left out.
//
// Who may read waves without running them (the data protection officer, researchers) sees counts, never names: what they
// judge is how the list is used, and the promises of a wave give them no need for it.
//
// # Why nobody is added after the launch
//
// The launch locks how many people are in the frame. Anyone can check that there are no more ballots than that, and weights
// use it. A person added later would break the first or make the second wrong, in every mode. Who is hired meanwhile takes part in the next
// wave. An address, a language, a name and a staff number can be corrected: they change no number.
package invite
