package faulttest

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/survey/wave"
)

func TestFullDiskLosesNoAnswerToAWave(t *testing.T) {
	t.Parallel()
	d := mount(t, `mount -t tmpfs -o size=48m disk "$1"`)
	from := t.TempDir()
	k, when := asks(t, from, filepath.Join(from, "tekentafel.db"), frameSize, wave.Anonymous)[0], moments(t)
	d.place(t, k.in)
	p := start(t, k.in, port(t))
	c := gather(t, k, p.url, when, false)
	for range 2 {
		c.wait(time.Duration(100+when.IntN(300)) * time.Millisecond)
		d.fill(t)
		told := c.statuses(http.StatusInsufficientStorage)
		eventually(t, patience, "people are told", func() bool { return c.statuses(http.StatusInsufficientStorage) > told+clients })
		if status, _ := get(p.url + "/w/" + k.wave.Code); status != http.StatusOK {
			t.Errorf("while the disk is full the page of the wave gives %d", status)
		}
		if err := os.Remove(filepath.Join(d.inside, "ballast")); err != nil {
			t.Fatal(err)
		}
	}
	c.wait(100 * time.Millisecond)
	c.end()
	ended(t, p)
	c.proved(d.database(t), clock.System())
}
