package desk

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/problem"
	"tekentafel/internal/shadow/services"
)

// Bounds of what people write.
const (
	mostName    = 80
	mostOffer   = 1000
	mostWhy     = 300
	mostDomains = 20
	mostOwn     = 500
)

// catalogue is the services that an organisation knows, with what it says about them.
type catalogue struct {
	*services.List
	rules map[string]Rule
	added map[string]Own // also those that were taken away
	at    map[string]int // place in the list, by id
	own   int            // how many that were added hold
}

func (d *Desk) catalogue(ctx context.Context, r db.Reader) (*catalogue, error) {
	c := &catalogue{rules: map[string]Rule{}, added: map[string]Own{}, at: map[string]int{}}
	own, err := ownServices(ctx, r)
	if err != nil {
		return nil, err
	}
	var hold []services.Service
	for i := range own {
		c.added[own[i].ID] = own[i]
		if !own[i].Gone {
			hold = append(hold, own[i].service())
		}
	}
	rules, err := rulesOf(ctx, r, "")
	if err != nil {
		return nil, err
	}
	for _, x := range rules {
		c.rules[x.Service] = x
	}
	c.List = d.list.Extend(hold)
	c.own = len(c.Services) - len(d.list.Services)
	for i := range c.Services {
		c.at[c.Services[i].ID] = i
	}
	return c, nil
}

// service returns a service by its id, as it is or was; ok is false when nothing is known of it.
func (c *catalogue) service(serviceID string) (s services.Service, ok bool) {
	if i, ok := c.at[serviceID]; ok {
		return c.Services[i], true
	}
	if own, ok := c.added[serviceID]; ok && own.Name != "" {
		return own.service(), true
	}
	return services.Service{ID: serviceID, Name: serviceID}, false
}

// standing is where a service stands.
func (c *catalogue) standing(serviceID string) services.Standing {
	return services.Rules{serviceID: c.rules[serviceID].Standing}.Of(serviceID)
}

// SetRule says where a service stands and what is offered instead. At is the version that was read, 0 for none.
func (d *Desk) SetRule(ctx context.Context, actor access.Actor, service string, at int64, standing services.Standing, offer string) error {
	if err := allow(actor, counts); err != nil {
		return err
	}
	form := problem.Form{Bundle: locale()}
	if !slices.Contains(services.Standings(), standing) {
		form.Wrong("standing", "error.standing", nil)
	}
	if utf8.RuneCountInString(offer) > mostOffer {
		form.Wrong("offer", "error.long", args("max", "1000"))
	}
	if err := form.Err(); err != nil {
		return err
	}
	return d.DB.Write(ctx, actor.Tenant, func(s *db.Scope) error {
		c, err := d.catalogue(ctx, s.Reader)
		if err != nil {
			return err
		}
		if _, ok := c.service(service); !ok {
			return db.ErrNoRow
		}
		if was := c.rules[service]; was.Version == at && c.standing(service) == standing && was.Offer == offer {
			return nil
		}
		ok, err := putRule(ctx, s, &Rule{Service: service, Version: at + 1, Standing: standing, Offer: offer, Account: actor.Owner, At: d.Now()})
		if err == nil && !ok {
			err = refuse(problem.Conflict, "error.changed", nil)
		}
		if err != nil {
			return err
		}
		return d.Audit.Record(ctx, s, actor, audit.Entry{Action: "shadow.ruled", Subject: service, Detail: map[string]string{"standing": string(standing)}})
	})
}

// PutOwn adds a service to the list (no ID), or changes one that was added (Version as it was read). It returns its id.
func (d *Desk) PutOwn(ctx context.Context, actor access.Actor, x Own) (string, error) {
	if err := allow(actor, counts); err != nil {
		return "", err
	}
	err := d.DB.Write(ctx, actor.Tenant, func(s *db.Scope) error {
		c, err := d.catalogue(ctx, s.Reader)
		if err != nil {
			return err
		}
		next := x
		if next.Domains, err = c.checkOwn(&next); err != nil {
			return err
		}
		action := "shadow.service-changed"
		if next.ID == "" {
			if len(c.added) >= mostOwn {
				return refuse(problem.Conflict, "error.many-own", nil)
			}
			next.ID, next.Version, action = "own-"+strings.ToLower(id.New(d.Now())), 0, "shadow.service-added"
		} else if was, ok := c.added[next.ID]; !ok || was.Gone {
			return db.ErrNoRow
		}
		next.Version, next.Account, next.At, next.Gone = next.Version+1, actor.Owner, d.Now(), false
		ok, err := putOwn(ctx, s, &next)
		if err == nil && !ok {
			err = refuse(problem.Conflict, "error.changed", nil)
		}
		if err != nil {
			return err
		}
		x.ID = next.ID
		return d.Audit.Record(ctx, s, actor, audit.Entry{Action: action, Subject: next.ID})
	})
	return x.ID, err
}

// checkOwn returns the domains of a service as they are kept, or all that is wrong with it.
func (c *catalogue) checkOwn(x *Own) ([]string, error) {
	form := problem.Form{Bundle: locale()}
	text := func(field, value string, most int, needed bool) {
		switch n := utf8.RuneCountInString(value); {
		case n == 0 && needed:
			form.Wrong(field, "error."+field, nil)
		case n > most:
			form.Wrong(field, "error.long", args("max", itoa(most)))
		}
	}
	text("name", x.Name, mostName, true)
	text("maker", x.Maker, mostName, true)
	text("why", x.Why, mostWhy, true)
	if x.Country != "" && !services.Country(x.Country) {
		form.Wrong("country", "error.country", nil)
	}
	if _, ok := c.Kind(x.Kind); !ok {
		form.Wrong("kind", "error.kind", nil)
	}
	taken := c.Patterns()
	var domains []string
	switch {
	case len(x.Domains) == 0:
		form.Wrong("domains", "error.domains", nil)
	case len(x.Domains) > mostDomains:
		form.Wrong("domains", "error.many-domains", args("max", itoa(mostDomains)))
	default:
		for _, d := range x.Domains {
			p, err := services.Domain(strings.ToLower(d))
			switch owner := taken[p]; {
			case err != nil || len(d) > 200:
				form.Wrong("domains", "error.domain", args("domain", d))
			case owner != "" && (x.ID == "" || owner != x.ID):
				s, _ := c.service(owner)
				form.Wrong("domains", "error.domain-taken", args("domain", p, "service", s.Name))
			case !slices.Contains(domains, p):
				domains = append(domains, p)
			}
		}
	}
	return domains, form.Err()
}

// DropOwn takes an added service off the list. What was counted of it stays.
func (d *Desk) DropOwn(ctx context.Context, actor access.Actor, service string, at int64) error {
	if err := allow(actor, counts); err != nil {
		return err
	}
	return d.DB.Write(ctx, actor.Tenant, func(s *db.Scope) error {
		c, err := d.catalogue(ctx, s.Reader)
		if err != nil {
			return err
		}
		if was, ok := c.added[service]; !ok || was.Gone {
			return db.ErrNoRow
		}
		ok, err := putOwn(ctx, s, &Own{ID: service, Version: at + 1, Gone: true, Account: actor.Owner, At: d.Now()})
		if err == nil && !ok {
			err = refuse(problem.Conflict, "error.changed", nil)
		}
		if err != nil {
			return err
		}
		return d.Audit.Record(ctx, s, actor, audit.Entry{Action: "shadow.service-dropped", Subject: service})
	})
}
