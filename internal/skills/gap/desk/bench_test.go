package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/files"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/skills/gap/desk/placing"
	"tekentafel/internal/skills/gap/synthetic"
)

// BenchmarkPages times the pages of the gap of 350,000 people in 2,000 functions and 300 departments (BENCH_SIZE for another number of
// people), from memory, and once from the store.
func BenchmarkPages(b *testing.B) {
	size := 350_000
	if s, err := strconv.Atoi(os.Getenv("BENCH_SIZE")); err == nil && s >= 1000 {
		size = s
	}
	s, row := large(b, size)
	open := func(path string) int {
		r := httptest.NewRequest(http.MethodGet, home+"/r1"+path, nil)
		r.Header.Set("X-Test-Who", "hr")
		r.Header.Set("Accept-Language", "nl")
		w := httptest.NewRecorder()
		s.server.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatalf("%s: status %d: %.300s", path, w.Code, w.Body)
		}
		return w.Body.Len()
	}
	b.Run("first time, from the store", func(b *testing.B) {
		for b.Loop() {
			s.boards = newShelf(keptBytes)
			open("")
		}
	})
	for name, path := range map[string]string{
		"overview": "", "departments": "/map?by=department", "functions": "/map?by=function", "functions, worst first": "/map?by=function&sort=below", "cells": "/map?by=cell", "cells, search": "/map?by=cell&q=function+12+department+4",
		"one skill": "/map?by=function&skill=critical", "where": "/where?by=function", "where, cells": "/where?by=cell", "department": "/group?department=" + row.Department, "function": "/group?function=" + row.Function,
		"cell": "/group?function=" + row.Function + "&department=" + row.Department, "change": "/change?by=function", "method": "/method",
		"document": "/export/html", "spreadsheet": "/export/xlsx",
	} {
		b.Run(name, func(b *testing.B) {
			n := 0
			if path != "/export/xlsx" {
				open(path)
			}
			for b.Loop() {
				n = open(path)
			}
			b.ReportMetric(float64(n)/1000, "kB/page")
		})
	}
}

// large is a site with the gap of a large made-up organisation, compared with itself, and the first cell of it.
func large(b *testing.B, size int) (*site, *gap.Row) {
	s := newSite(b, dbtest.SQLite(b))
	world := synthetic.Make(synthetic.Usual(1, size, 2000, 300))
	f, err := baseFramework()
	if err != nil {
		b.Fatal(err)
	}
	for i := range f.Skills {
		world.Input.Skills[i].ID = f.Skills[i].ID
	}
	o := gap.Options{Secret: []byte("a secret of the wave"), Seed: 1, Workers: 2}
	g, err := gap.Compute(context.Background(), &world.Input, o)
	if err != nil {
		b.Fatal(err)
	}
	g.Changes = gap.Compare(g, g)
	packed, err := pack(g)
	if err != nil {
		b.Fatal(err)
	}
	s.add(&Wave{Report: Report{ID: "r1", Source: "s1", Title: "Monitor r1", Respondents: size, Synthetic: true}, Answers: answersOf(b, monitor(b), 50, 1)})
	err = s.DB.Write(context.Background(), dbtest.Ours, func(tx *db.Scope) error {
		file, err := files.Add(context.Background(), tx, s.Now, "gap", resultType, bytes.NewReader(packed))
		if err != nil {
			return err
		}
		if err := start(context.Background(), tx, "r1", "job", ""); err != nil {
			return err
		}
		facts := mustJSON(b, &Facts{Detail: placing.ByFunction, Divided: true, Decided: 1, Ready: true, Said: true})
		_, err = finish(context.Background(), tx, "r1", "job", file.ID, facts, s.Now())
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d rows, %.1f MB packed, about %.0f MB in memory", len(g.Functions)+len(g.Departments)+len(g.Families)+len(g.Cells), float64(len(packed))/1e6, float64(sizeOf(g))/1e6)
	return s, &g.Cells[0]
}

func mustJSON(b *testing.B, v any) []byte {
	b.Helper()
	return must(json.Marshal(v))(b)
}
