package desk

import (
	"net/http"

	"tekentafel/internal/web"
)

// product is a device or program whose log is read, with how many steps it takes to get that.
type product struct {
	format string
	steps  int
}

func products() []product {
	return []product{{"squid", 4}, {"dnsmasq", 4}, {"zscaler", 4}, {"panos", 4}, {"defender", 3}}
}

// scriptLine is a call that gives logs of a week together.
const scriptLine = `curl -H "Authorization: Bearer $KEY" -F departments=@departments.csv -F log=@access.log.1.gz -F log=@access.log.2.gz $TEKENTAFEL/api/v1/shadow/counts`

// steps say how to get a log out of a product.
func (w words) steps(p product) []string {
	out := make([]string, p.steps)
	for i := range out {
		out[i] = w.say("how." + p.format + "." + itoa(i+1))
	}
	return out
}

func (d *Desk) how(w http.ResponseWriter, r *web.Request) error {
	t := in(r)
	return r.Show(w, page(r, t.say("how.title")), howPage(t, tabs(r, howAt)))
}
