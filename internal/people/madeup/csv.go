package madeup

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"tekentafel/internal/people/org"
)

// WriteCSV writes who is in service as a payroll system would, a row a post, in Dutch with semicolons, and returns the number of rows. A person without a
// post has one row. People without a number are left out: such a system has none.
func WriteCSV(to io.Writer, o *org.Organisation) (rows int, err error) {
	b := bufio.NewWriterSize(to, 64<<10)
	w := csv.NewWriter(b)
	w.Comma = ';'
	x := org.NewIndex(o)
	paths, titles, families, levels, works := map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}
	kinds := map[org.Work]string{org.Desk: "bureau", org.Field: "terrein", org.Both: "beide"}
	for i := range o.Units {
		paths[o.Units[i].ID] = strings.Join(x.Path(o.Units[i].ID), " / ")
	}
	for i := range o.Functions {
		f := &o.Functions[i]
		titles[f.ID], families[f.ID], levels[f.ID], works[f.ID] = f.Name, f.Family, string(f.Level), kinds[f.Work]
	}
	number := func(person string) string {
		if i, ok := x.Person[person]; ok {
			return o.People[i].Number
		}
		return ""
	}
	err = w.Write([]string{"Personeelsnummer", "Voornaam", "Familienaam", "E-mail", "Taal", "Geboortejaar", "In dienst sinds", "Eenheid (pad)", "Functie", "Functiefamilie", "Niveau", "Soort werk", "VTE", "Statuut",
		"Standplaats", "Personeelsnummer leidinggevende"})
	for i := range o.People {
		p := &o.People[i]
		if p.Out || p.Number == "" {
			continue
		}
		posts := x.PostsOf(p.ID)
		if len(posts) == 0 {
			posts = []org.Post{{FTE: -1}}
		}
		for _, post := range posts {
			year, fte := "", ""
			if p.BirthYear != 0 {
				year = strconv.Itoa(p.BirthYear)
			}
			if post.FTE >= 0 {
				fte = strings.Replace(fmt.Sprintf("%g", float64(post.FTE)/1000), ".", ",", 1)
			}
			if err == nil {
				err = w.Write([]string{p.Number, p.Given, p.Family, p.Mail, p.Language, year, belgian(p.From), paths[post.Unit], titles[post.Function], families[post.Function], levels[post.Function], works[post.Function], fte, post.Statute,
					p.Site, number(p.Manager)})
			}
			rows++
		}
	}
	w.Flush()
	if err == nil {
		err = w.Error()
	}
	if err == nil {
		err = b.Flush()
	}
	return rows, err
}

// belgian writes a day as 29/11/2026.
func belgian(d org.Date) string {
	if d == 0 {
		return ""
	}
	return d.Time().Format("02/01/2006")
}
