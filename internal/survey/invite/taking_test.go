package invite

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/wave"
)

// script sends a file with people as a script does.
func (s *site) script(at, content, key string, confirm bool) (*httptest.ResponseRecorder, map[string]any) {
	s.t.Helper()
	body := &bytes.Buffer{}
	m := multipart.NewWriter(body)
	f, err := m.CreateFormFile("file", "staff.csv")
	if err == nil {
		_, err = io.WriteString(f, content)
	}
	if err == nil && confirm {
		err = m.WriteField("confirm", "true")
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return s.call("hr "+string(access.RunWave), "POST", at, body, m.FormDataContentType(), "Idempotency-Key", key)
}

// A job takes the people of the file that it was given, whatever else is sent meanwhile: the same file again, a file to look at, or
// another one, which is refused.
func TestAJobTakesItsOwnFile(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		v := s.draft(wave.Anonymous)
		at, large := "/api/v1/waves/"+v.ID+"/people", staff(tooMany+1)
		w, got := s.script(at, large, "k1", true)
		s.wants("a large file", w, http.StatusOK)
		job, _ := got["job"].(string)
		if job == "" || got["taken"] != false {
			t.Fatalf("no job: %v", got)
		}
		w, got = s.script(at, large, "k1", true)
		s.wants("the same again", w, http.StatusOK)
		if got["job"] != job {
			t.Errorf("sent again it is the job %v, not %s", got["job"], job)
		}
		w, got = s.script(at, staff(20), "", false)
		s.wants("a file to look at", w, http.StatusOK)
		if got["people"] != 20.0 {
			t.Errorf("%v", got)
		}
		for _, other := range []string{staff(20), staff(tooMany + 7)} {
			w, _ = s.script(at, other, "", true)
			s.wants("another file while the job runs", w, http.StatusConflict, "is being taken over now")
		}
		waits, err := s.Upload(t.Context(), hr, v.ID, "staff.csv", s.file(staff(30)), asked.Request{})
		if err != nil {
			t.Fatal(err)
		}
		up, err := s.Uploaded(t.Context(), hr, v.ID, waits)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Take(t.Context(), hr, v.ID, waits, up.File.Guess(), asked.Request{}); !problem.Is(err, problem.Conflict) {
			t.Errorf("on a page another file is taken while the job runs: %v", err)
		}
		s.works(job)
		j, err := s.World.Queue.Get(t.Context(), hr, job)
		if err != nil || j.State != jobs.Done {
			t.Fatalf("the job did not end well: %+v %v", j, err)
		}
		if n := len(s.people(v)); n != tooMany+1 {
			t.Errorf("%d people were taken, not those of the file of the job", n)
		}
		if w, _ = s.script(at, staff(20), "", true); w.Code != http.StatusOK || len(s.people(v)) != 20 {
			t.Errorf("when the job has ended another file is refused: %d", w.Code)
		}
		var left int
		if err := s.d.Of(v.Tenant).Row(t.Context(), `SELECT count(*) FROM files WHERE tenant_id = $1 AND media_type LIKE 'application/x-tekentafel-frame;%'`, nil, &left); err != nil || left != 0 {
			t.Errorf("%d files are left: %v", left, err)
		}
	})
}

// A job that was stopped leaves its file; the next one takes its place.
func TestAFileOfAStoppedJobIsInNobodysWay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		v := w.draft(wave.Anonymous)
		take := func(n int) string {
			id, err := w.Upload(t.Context(), hr, v.ID, "staff.csv", w.file(staff(n)), asked.Request{})
			if err != nil {
				t.Fatal(err)
			}
			up, err := w.Uploaded(t.Context(), hr, v.ID, id)
			if err != nil {
				t.Fatal(err)
			}
			job, err := w.Take(t.Context(), hr, v.ID, id, up.File.Guess(), asked.Request{})
			if err != nil || job == "" {
				t.Fatal(job, err)
			}
			return job
		}
		if err := w.World.Queue.Stop(t.Context(), hr, take(tooMany+1)); err != nil {
			t.Fatal(err)
		}
		w.works(take(tooMany + 2))
		if n := len(w.people(v)); n != tooMany+2 {
			t.Errorf("%d people", n)
		}
	})
}
