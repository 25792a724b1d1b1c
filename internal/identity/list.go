package identity

import (
	"context"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/spreadsheet"
)

// MostListed is how many accounts a page of a list holds at most.
const MostListed = 200

// Query says which accounts to list.
type Query struct {
	Search string      `json:"search,omitempty" doc:"Part of a name, mail address or staff number"`
	Role   access.Role `json:"role,omitempty"`
	State  State       `json:"state,omitempty" doc:"active or blocked; both when left out"`
	After  string      `json:"after,omitempty" doc:"The next of the page before"`
	Limit  int         `json:"limit,omitempty" doc:"1 to 200; 50 when left out"`
}

// Page is a part of the list of accounts, by name.
type Page struct {
	Accounts []AccountView `json:"accounts"`
	Next     string        `json:"next,omitempty" doc:"Where the next page begins; nothing when this is the last"`
	Total    int           `json:"total" doc:"How many accounts fit the query"`
}

// place is where a page of the list begins: after this account.
type place struct{ Search, ID string }

func (p place) String() string {
	raw, err := json.Marshal(p)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// placeOf reads what String wrote; anything else is the beginning.
func placeOf(s string) place {
	var p place
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || json.Unmarshal(raw, &p) != nil {
		return place{}
	}
	return p
}

// Accounts lists the accounts of the actor's organisation, by name; erased ones are not in it.
func (s *Service) Accounts(ctx context.Context, actor access.Actor, q Query) (Page, error) {
	if err := allowIn(actor, access.ReadAccounts); err != nil {
		return Page{}, err
	}
	if q.Limit <= 0 {
		q.Limit = 50
	}
	q.Limit = min(q.Limit, MostListed)
	if q.Role != "" && !slices.Contains(access.Roles(), q.Role) {
		return Page{}, wrong("role", "roles-form", nil)
	}
	if q.State != "" && q.State != Active && q.State != Blocked {
		return Page{}, wrong("state", "state-form", nil)
	}
	return listAccounts(ctx, s.db.Of(actor.Tenant), q)
}

func listAccounts(ctx context.Context, r db.Reader, q Query) (Page, error) {
	where, args := q.where()
	p := Page{Accounts: []AccountView{}}
	if err := r.Row(ctx, `SELECT count(*) FROM accounts a WHERE a.tenant_id = $1`+where, args, &p.Total); err != nil {
		return p, err
	}
	after := placeOf(q.After)
	n := len(args)
	query := `SELECT ` + accountColumns + `, a.search FROM accounts a WHERE a.tenant_id = $1` + where +
		` AND (a.search, a.id) > ($` + number(n+2) + `, $` + number(n+3) + `) ORDER BY a.search, a.id LIMIT $` + number(n+4)
	var last place
	err := r.Rows(ctx, query, func(scan func(...any) error) error {
		var search string
		a, err := scanAccount(scan, &search)
		if err != nil {
			return err
		}
		if len(p.Accounts) == q.Limit {
			p.Next = last.String()
			return nil
		}
		last = place{search, a.ID}
		p.Accounts = append(p.Accounts, a)
		return nil
	}, append(args, after.Search, after.ID, q.Limit+1)...)
	return p, err
}

// where writes the conditions of a query, with arguments from $2.
func (q Query) where() (string, []any) {
	var b strings.Builder
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return "$" + number(len(args)+1)
	}
	b.WriteString(` AND a.state <> 'erased'`)
	if q.State != "" {
		b.WriteString(` AND a.state = ` + arg(string(q.State)))
	}
	for _, word := range strings.Fields(fold(contact.Line(q.Search))) {
		b.WriteString(` AND a.search LIKE ` + arg("%"+likeText(word)+"%") + ` ESCAPE '!'`)
	}
	if q.Role != "" && q.Role != access.Employee {
		b.WriteString(` AND EXISTS (SELECT 1 FROM account_roles x WHERE x.tenant_id = a.tenant_id AND x.account_id = a.id AND x.role = ` + arg(string(q.Role)) + `)`)
	}
	return b.String(), args
}

// likeText makes the signs of LIKE stand for themselves.
func likeText(s string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s)
}

// ExportAccounts writes the accounts that fit a query as CSV, with a byte order mark, so that spreadsheets read it as UTF-8. No
// cell can be taken for a formula.
func (s *Service) ExportAccounts(ctx context.Context, actor access.Actor, q Query, w io.Writer) error {
	if err := allowIn(actor, access.ReadAccounts); err != nil {
		return err
	}
	if err := s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		return s.audit.Record(ctx, sc, actor, audit.Entry{Action: "accounts.exported"})
	}); err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write([]string{"id", "name", "mail", "staff_number", "language", "state", "roles", "created_at"}); err != nil {
		return err
	}
	for q.After, q.Limit = "", MostListed; ; {
		p, err := s.Accounts(ctx, actor, q)
		if err != nil {
			return err
		}
		for _, a := range p.Accounts {
			if err := out.Write(a.record()); err != nil {
				return err
			}
		}
		if q.After = p.Next; q.After == "" {
			out.Flush()
			return out.Error()
		}
	}
}

// record is an account as a line of CSV.
func (a AccountView) record() []string {
	roles := make([]string, 0, len(a.AllRoles()))
	for _, r := range a.AllRoles() {
		roles = append(roles, string(r))
	}
	cells := []string{a.ID, a.Name, a.Mail, a.StaffNumber, string(a.Language), string(a.State), strings.Join(roles, " "), a.CreatedAt.Format("2006-01-02")}
	for i := range cells {
		cells[i] = spreadsheet.Guard(cells[i])
	}
	return cells
}
