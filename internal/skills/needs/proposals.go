package needs

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
)

// ProposalState is what became of a proposal.
type ProposalState string

// The states of a proposal.
const (
	Waiting   ProposalState = "waiting"
	Accepted  ProposalState = "accepted"
	Refused   ProposalState = "refused"
	Withdrawn ProposalState = "withdrawn" // by who made it
)

// Proposal is what a manager wants a function of the own team to ask.
type Proposal struct {
	ID       string
	Account  string
	At       time.Time
	Function string
	Wishes   []demand.Wish
	Reason   string
	State    ProposalState
	Decider  string
	Decided  time.Time
	Answer   string // what HR says to it
	Seq      int64  // the change that it became; 0: none
}

// ProposalInput is what a manager proposes.
type ProposalInput struct {
	Function string
	Answers  map[string]string // by rule; "" leaves it as it is
	Levels   map[string]int    // by skill; 0 leaves it as it is
	Reason   string
	Asked    asked.Request
}

// Propose notes what a manager proposes for a function of the own team. Nothing changes until HR accepts it.
func (s *Service) Propose(ctx context.Context, actor access.Actor, in ProposalInput) (string, error) {
	if err := allow(actor, access.ProposeNeeds); err != nil {
		return "", err
	}
	team, err := s.team(ctx, actor)
	if err != nil {
		return "", err
	}
	if team[in.Function] == 0 {
		return "", refuse(problem.Forbidden, "error.not-team", nil)
	}
	m, err := s.mapOf(ctx, s.DB.Of(actor.Tenant))
	if err != nil {
		return "", err
	}
	where := framework.Where{Function: in.Function}
	form := problem.Form{Bundle: locale()}
	reason := reasonOf(&form, "reason", in.Reason)
	answers := map[string]string{}
	current := map[string]string{}
	for _, a := range m.Answers(in.Function) {
		current[a.Rule.ID] = a.Verdict
	}
	for rule, value := range in.Answers {
		if value != "" && value != current[rule] {
			answers[rule] = value
		}
	}
	wishes, err := answerWishes(m.Framework, where, answers)
	if err != nil {
		return "", err
	}
	for i := range m.Framework.Skills {
		skill := m.Framework.Skills[i].ID
		n := in.Levels[skill]
		if n < 0 || n > framework.MostLevels {
			form.Wrong("level-"+skill, "field.choice", nil)
		}
		if n > 0 {
			wishes = append(wishes, demand.Wish{Key: demand.Key{Kind: demand.Level, Where: where, Item: skill}, Value: demand.Value{Value: itoa(n), Note: reason}})
		}
	}
	if len(wishes) == 0 {
		form.Wrong("reason", "field.nothing", nil)
	}
	if err := form.Err(); err != nil {
		return "", err
	}
	var made string
	err = s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		made, err = asked.Once(ctx, tx, s.Now, in.Asked, func() (string, error) {
			p := Proposal{ID: id.New(s.Now()), Account: actor.Owner, At: s.Now(), Function: in.Function, Wishes: wishes, Reason: reason, State: Waiting}
			if err := insertProposal(ctx, tx, &p); err != nil {
				return "", err
			}
			return p.ID, s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "skills.needs-proposed", Subject: p.ID})
		})
		return err
	})
	return made, err
}

// Decide accepts a proposal, which makes it hold, or refuses it with an answer. A problem of kind Conflict when it was decided, or
// what it is about changed since it was read at the change at.
func (s *Service) Decide(ctx context.Context, actor access.Actor, proposalID string, accept bool, answer string, at int64) error {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return err
	}
	form := problem.Form{Bundle: locale()}
	if !accept {
		answer = reasonOf(&form, "answer", answer)
	}
	if err := form.Err(); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		p, err := proposalOf(ctx, tx.Reader, proposalID)
		if err != nil {
			return err
		}
		if p.State != Waiting {
			return refuse(problem.Conflict, "error.decided", nil)
		}
		p.State, p.Answer, p.Decider, p.Decided = Refused, answer, actor.Owner, s.Now()
		if accept {
			p.State = Accepted
			if _, err := s.writeIn(ctx, tx, actor, &edit{kind: ByProposal, note: p.ID, at: at, wishes: p.Wishes, also: func(_ context.Context, _ *db.Scope, seq int64) error {
				p.Seq = seq
				return nil
			}}); err != nil {
				return err
			}
		} else if err := s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "skills.needs-refused", Subject: p.ID}); err != nil {
			return err
		}
		return decideProposal(ctx, tx, &p)
	})
}

// Withdraw takes the actor's own proposal back.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, proposalID string) error {
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		p, err := proposalOf(ctx, tx.Reader, proposalID)
		if err != nil {
			return err
		}
		if p.Account != actor.Owner {
			return db.ErrNoRow
		}
		if p.State != Waiting {
			return refuse(problem.Conflict, "error.decided", nil)
		}
		p.State, p.Decider, p.Decided = Withdrawn, actor.Owner, s.Now()
		if err := s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "skills.needs-withdrawn", Subject: p.ID}); err != nil {
			return err
		}
		return decideProposal(ctx, tx, &p)
	})
}

// Proposals lists proposals, the newest first: for who may change needs all of them, for others their own. state "" is any.
func (s *Service) Proposals(ctx context.Context, actor access.Actor, state ProposalState, before string, limit int) ([]Proposal, error) {
	own := actor.Owner
	if allow(actor, access.ChangeNeeds) == nil {
		own = ""
	} else if err := allow(actor, access.ProposeNeeds); err != nil {
		return nil, err
	}
	return proposals(ctx, s.DB.Of(actor.Tenant), own, state, before, limit)
}

// Proposal returns a proposal for who may change needs or made it.
func (s *Service) Proposal(ctx context.Context, actor access.Actor, proposalID string) (Proposal, error) {
	p, err := proposalOf(ctx, s.DB.Of(actor.Tenant), proposalID)
	if err == nil && p.Account != actor.Owner && allow(actor, access.ChangeNeeds) != nil {
		err = db.ErrNoRow
	}
	return p, err
}

const proposalColumns = `id, account_id, at, function_id, wishes, reason, state, decided_by, decided_at, answer, seq`

func insertProposal(ctx context.Context, tx *db.Scope, p *Proposal) error {
	wishes, err := json.Marshal(p.Wishes)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO skill_need_proposals (tenant_id, id, account_id, at, function_id, wishes, reason, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		p.ID, p.Account, clock.Micros(p.At), p.Function, string(wishes), p.Reason, string(p.State))
	return err
}

func decideProposal(ctx context.Context, tx *db.Scope, p *Proposal) error {
	_, err := tx.Exec(ctx, `UPDATE skill_need_proposals SET state = $3, decided_by = $4, decided_at = $5, answer = $6, seq = $7 WHERE tenant_id = $1 AND id = $2`,
		p.ID, string(p.State), p.Decider, clock.Micros(p.Decided), p.Answer, p.Seq)
	return err
}

func scanProposal(scan func(...any) error) (Proposal, error) {
	var p Proposal
	var at, decided int64
	var wishes string
	if err := scan(&p.ID, &p.Account, &at, &p.Function, &wishes, &p.Reason, &p.State, &p.Decider, &decided, &p.Answer, &p.Seq); err != nil {
		return p, err
	}
	p.At, p.Decided = clock.Time(at), clock.Time(decided)
	return p, json.Unmarshal([]byte(wishes), &p.Wishes)
}

func proposals(ctx context.Context, r db.Reader, account string, state ProposalState, before string, limit int) (out []Proposal, err error) {
	query := `SELECT ` + proposalColumns + ` FROM skill_need_proposals WHERE tenant_id = $1`
	var args []any
	add := func(condition string, arg any) {
		args = append(args, arg)
		query += " AND " + condition + strconv.Itoa(1+len(args))
	}
	if account != "" {
		add("account_id = $", account)
	}
	if state != "" {
		add("state = $", string(state))
	}
	if before != "" {
		add("id < $", before)
	}
	args = append(args, limit)
	err = r.Rows(ctx, query+" ORDER BY id DESC LIMIT $"+strconv.Itoa(1+len(args)), func(scan func(...any) error) error {
		p, err := scanProposal(scan)
		out = append(out, p)
		return err
	}, args...)
	return out, err
}

func proposalOf(ctx context.Context, r db.Reader, proposalID string) (p Proposal, err error) {
	found := false
	err = r.Rows(ctx, `SELECT `+proposalColumns+` FROM skill_need_proposals WHERE tenant_id = $1 AND id = $2`, func(scan func(...any) error) (err error) {
		found = true
		p, err = scanProposal(scan)
		return err
	}, proposalID)
	if err == nil && !found {
		err = db.ErrNoRow
	}
	return p, err
}

// waiting counts the proposals that wait, of an account or, for "", of all.
func waitingProposals(ctx context.Context, r db.Reader, account string) (n int, err error) {
	err = r.Row(ctx, `SELECT COUNT(*) FROM skill_need_proposals WHERE tenant_id = $1 AND state = 'waiting' AND ($2 = '' OR account_id = $2)`, []any{account}, &n)
	return n, err
}
