package mail

import (
	"context"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
)

// View is a mail as scripts see it; its text is nobody's business.
type View struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind"`
	Recipient string     `json:"recipient"`
	Account   string     `json:"account,omitempty"`
	Subject   string     `json:"subject"`
	State     State      `json:"state" enum:"waiting,sending,sent,refused,unsure"`
	Reply     string     `json:"reply,omitempty" doc:"What the mail server last said."`
	Tries     int        `json:"tries"`
	Created   time.Time  `json:"created"`
	Finished  *time.Time `json:"finished,omitempty"`
}

func viewOf(m *Mail) View {
	v := View{ID: m.ID, Kind: m.Kind, Recipient: m.Recipient, Account: m.Account, Subject: m.Subject, State: m.State, Reply: m.Reply, Tries: m.Tries, Created: m.Created}
	if !m.Finished.IsZero() {
		v.Finished = &m.Finished
	}
	return v
}

type (
	listRequest struct {
		State  string `query:"state" enum:"waiting,sending,sent,refused,unsure"`
		Before string `query:"before" doc:"The id of the last mail of the page before."`
	}
	listAnswer struct {
		Body struct {
			Items []View `json:"items"`
			Next  string `json:"next,omitempty" doc:"Give it as before for the next page."`
		}
	}
	resendRequest struct {
		ID  string `path:"id"`
		Key string `header:"Idempotency-Key" maxLength:"64"`
	}
)

// API registers the operations on mail.
func (o *Outbox) API(a *api.API) {
	api.Get(a, "/mails", api.About{ID: "list-mails", Summary: "List what was mailed to whom and what became of it, the newest first.", Tag: "mail", Action: access.ReadMail},
		func(ctx context.Context, c api.Caller, in *listRequest) (*listAnswer, error) {
			p, err := o.List(ctx, c.Actor.Tenant, c.Actor, State(in.State), in.Before, "")
			out := &listAnswer{}
			out.Body.Items = []View{}
			for i := range p.Mails {
				out.Body.Items = append(out.Body.Items, viewOf(&p.Mails[i]))
			}
			if p.Older && len(p.Mails) > 0 {
				out.Body.Next = p.Mails[len(p.Mails)-1].ID
			}
			return out, err
		})
	api.Post(a, "/mails/{id}/resend", api.About{ID: "resend-mail", Summary: "Send a mail again that was refused, or of which nobody knows whether it arrived.", Tag: "mail", Action: access.ResendMail},
		func(ctx context.Context, c api.Caller, in *resendRequest) (*struct{}, error) {
			return nil, o.Resend(ctx, c.Actor.Tenant, c.Actor, in.ID, c.Asked(in.Key, in.ID))
		})
}
