// Package survey is the feature "waves": an organisation asks its people, and gets answers that it can trust and nobody can
// trace. The parts live below it, and this package connects them to pages, operations, jobs and privacy.
//
// # Words
//
//   - wave: one time of asking; its questionnaire, frame, mode and moments. Its terms are locked at the launch.
//   - mode: anonymous (a blind-signed ballot; nobody can link), confidential (a link exists and is kept from everyone until
//     it is destroyed), open (a link that anyone may use; no frame).
//   - frame: the people who may take part. Group variables of the frame stand beside them.
//   - person: somebody of the frame. PIN: what opens the invitation of one person, in a mail, a letter or on a card.
//   - ballot: a token with a blind signature (RFC 9474); it says that somebody of the frame answers, and not who.
//   - draw: getting one's ballot. Taken: somebody drew a ballot (or, confidentially, handed in).
//   - urn: where handed-in answers are kept, sealed, in the order of random keys.
//   - code: what somebody keeps to link their own answers to two waves; the server never sees it. Link: what their page makes of
//     it. Study: the waves between which one code gives one link. Pseudonym: what is stored of a link once the wave is closed.
//   - stratum: a part of the frame of at least k people with a key of its own, so that a ballot tells the part and no more.
//
// # Parts
//
//	wave      the wave, its terms and its states; below it the steps to its launch, which the pages share
//	ballot    keys, blind signatures, and the list by which anyone checks a wave
//	record    one respondent's answers: reading, checking, packing, and many of them as columns
//	urn       drawing and handing in, durable and many at a time
//	compose   the questionnaire of a wave: modules, own questions, translations
//	invite    the frame, PINs, mails, letters and cards
//	answering the pages of the people who answer, and their scripts
//	closing   from answers to a report: weights, change since the last wave, open answers
//	desk      the pages of who runs waves
package survey
