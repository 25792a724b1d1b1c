package mail

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// outcome is what became of a claim.
type outcome struct {
	state  State
	reason string    // see Mail.Reason
	reply  string    // of the server
	next   time.Time // when to try again
}

// Reasons, as the store keeps them and locale/ explains them.
const (
	whyNone        = ""
	whyServer      = "server"      // the server said so
	whyUnreachable = "unreachable" // the server was not reached, or does not let this program in
	whyBroken      = "broken"      // the connection broke before the message was complete
	whyNoAnswer    = "no-answer"   // the message was complete, and no answer came
	whyGaveUp      = "gave-up"     // tried too often
	whyTooLate     = "too-late"    // its use has ended
	whyUnreadable  = "unreadable"  // the sealed body cannot be opened
)

const (
	maxTries     = 15              // with the waits below: given up after about two days
	firstWait    = time.Minute     // doubled after each try
	longestWait  = 8 * time.Hour   // between two tries
	recordTries  = 30              // to write down an outcome while the store does not answer
	recordWait   = time.Second     // between those
	longestReply = 500             // characters of what a server says
	longestNap   = 5 * time.Minute // between looks at a store that does not answer
)

// Run sends what is due until ctx ends, and then finishes the mail under way. It may run on several nodes at once.
func (o *Outbox) Run(ctx context.Context) error {
	if !o.On() {
		<-ctx.Done()
		return nil
	}
	nap := o.server.PollEvery
	for {
		_, err := o.Pass(ctx)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the program stops
		}
		if err != nil {
			o.Log.ErrorContext(ctx, "the outbox cannot be worked on", "error", err.Error())
			nap = min(2*nap, longestNap)
		} else {
			nap = o.server.PollEvery
		}
		if clock.Wait(ctx, nap) != nil {
			return nil //nolint:nilerr // the program stops
		}
	}
}

// Pass sends what is due now, one mail after the other, and returns how many it tried.
func (o *Outbox) Pass(ctx context.Context) (tried int, err error) {
	for {
		due, err := anyDue(ctx, o.DB.System(), o.Now())
		if err != nil || !due {
			return tried, err
		}
		if err := o.pace.Wait(ctx); err != nil {
			return tried, err
		}
		c, err := o.claim(ctx)
		if err != nil || c == nil {
			return tried, err
		}
		tried++
		if err := o.work(ctx, c); err != nil {
			return tried, err
		}
	}
}

// claim ends the claims of dead workers and takes the next mail, in one transaction.
func (o *Outbox) claim(ctx context.Context) (*claim, error) {
	var c *claim
	var lost int64
	err := o.DB.System().Write(ctx, func(s *db.System) (err error) {
		now := o.Now()
		if lost, err = recoverLeases(ctx, s, now); err != nil {
			return err
		}
		c, err = claimDue(ctx, s, now, o.server.lease())
		return err
	})
	if err == nil && lost > 0 {
		o.Log.WarnContext(ctx, "mails were being handed over when their worker died; whether they arrived is not known", "mails", lost)
	}
	return c, err
}

// errClaimEnded says that another worker, or a person, has taken the mail over.
var errClaimEnded = errors.New("mail: this claim has ended")

// work sends one mail and writes down what became of it. Once begun it does not stop with ctx.
func (o *Outbox) work(ctx context.Context, c *claim) error {
	out, err := o.try(ctx, c)
	if errors.Is(err, errClaimEnded) {
		return nil
	}
	if err != nil {
		return err // the claim stays until its lease passes, and the mail was not handed over
	}
	o.Log.InfoContext(ctx, "mail", "organisation", string(c.tenant), "id", c.id, "try", c.tries, "state", string(out.state), "reason", out.reason)
	kept := context.WithoutCancel(ctx)
	for i := 0; ; i++ {
		err = o.DB.Write(kept, c.tenant, func(s *db.Scope) error { return record(kept, s, c, out, o.Now()) })
		if err == nil || i == recordTries {
			return err
		}
		if clock.Wait(kept, recordWait) != nil {
			return err
		}
	}
}

// try sends one mail as far as that is possible, and judges what came of it.
func (o *Outbox) try(ctx context.Context, c *claim) (outcome, error) {
	now := o.Now()
	if !c.until.IsZero() && now.After(c.until) {
		return outcome{state: Refused, reason: whyTooLate}, nil
	}
	if c.tries > maxTries {
		return outcome{state: Refused, reason: whyGaveUp}, nil // its workers died each time
	}
	w, err := o.unseal(c)
	if err != nil {
		o.Log.ErrorContext(ctx, "a mail cannot be read", "id", c.id, "error", err.Error())
		return outcome{state: Refused, reason: whyUnreadable}, nil
	}
	l, err := o.server.compose(c, w, c.id+"@"+o.server.domain())
	if err != nil {
		o.Log.ErrorContext(ctx, "a mail cannot be composed", "id", c.id, "error", err.Error())
		return outcome{state: Refused, reason: whyUnreadable}, nil
	}
	answer, err := o.server.deliver(ctx, l, func() error { return o.handOver(ctx, c) })
	var f *failure
	switch {
	case err == nil:
		return outcome{state: Sent, reason: whyNone, reply: line(answer, longestReply)}, nil
	case errors.As(err, &f):
		return o.judge(c, f), nil
	}
	return outcome{}, err
}

// handOver writes down that the message is about to go out, unless the claim has ended.
func (o *Outbox) handOver(ctx context.Context, c *claim) error {
	kept, done := context.WithTimeout(context.WithoutCancel(ctx), o.server.Timeout)
	defer done()
	var held bool
	err := o.DB.Write(kept, c.tenant, func(s *db.Scope) (err error) {
		held, err = markHanded(kept, s, c, o.Now(), o.server.lease())
		return err
	})
	if err == nil && !held {
		return errClaimEnded
	}
	return err
}

// judge decides what a failure means for a mail. A refusal of the server (RFC 5321, section 4.2.1: 4xx for now, 5xx for
// good) is certain at every stage; silence is uncertain once the end of the message was sent.
func (o *Outbox) judge(c *claim, f *failure) outcome {
	code, said := f.reply()
	said = line(said, longestReply)
	switch {
	case f.at == connecting:
		if said == "" {
			said = line(f.Error(), longestReply)
		}
		return o.later(c, whyUnreachable, said)
	case code >= 500 && code < 600:
		return outcome{state: Refused, reason: whyServer, reply: said}
	case code >= 400 && code < 500:
		return o.later(c, whyServer, said)
	case f.at == awaiting:
		return outcome{state: Unsure, reason: whyNoAnswer, reply: said}
	}
	return o.later(c, whyBroken, said)
}

// later tries again after a while, doubled each time and spread by a fifth; not too often, and not when it is of no use.
func (o *Outbox) later(c *claim, reason, said string) outcome {
	if c.tries >= maxTries {
		return outcome{state: Refused, reason: whyGaveUp, reply: said}
	}
	wait := firstWait << min(c.tries-1, 20)
	wait = min(wait, longestWait)
	next := o.Now().Add(wait*4/5 + rand.N(wait*2/5))
	if !c.until.IsZero() && next.After(c.until) {
		return outcome{state: Refused, reason: whyTooLate, reply: said}
	}
	return outcome{state: Waiting, reason: reason, reply: said, next: next}
}

// domain is what stands behind the @ of the sender, and of each Message-ID.
func (s *server) domain() string {
	return s.from.Address[strings.LastIndexByte(s.from.Address, '@')+1:]
}
