package home

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tekentafel/internal/web"
)

func TestLocaleSaysTheSameInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := locale().Check(); err != nil {
		t.Error(err)
	}
}

func TestOneThingIsOneTask(t *testing.T) {
	t.Parallel()
	tasks := inOrder([]web.Task{
		{Title: "publish", Rank: 20, About: "/reports/a"}, {Title: "upload", Rank: 35}, {Title: "publish", Rank: 20, About: "/reports/b"},
		{Title: "read", Rank: 50, About: "/reports/a"}, {Title: "share", Rank: 18, About: "/reports/a"}, {Title: "launch", Rank: 30},
	})
	var got []string
	for _, x := range tasks {
		got = append(got, x.Title+" "+x.About)
	}
	if diff := cmp.Diff([]string{"share /reports/a", "publish /reports/b", "launch ", "upload "}, got); diff != "" {
		t.Error(diff)
	}
}
