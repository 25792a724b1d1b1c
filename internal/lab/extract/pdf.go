package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
)

// pdfAtOnce is how many PDFs are read at the same time; the others wait for their turn.
const pdfAtOnce = 2

// sandbox reads PDFs with PDFium as WebAssembly: each in a fresh instance with memory of its own and without files, network or clock of this
// machine, which is thrown away afterwards. The program is compiled when the first PDF comes.
type sandbox struct {
	memory int
	turn   chan struct{}

	loading sync.Mutex
	pool    pdfium.Pool
	stop    context.CancelFunc
	closed  bool
}

func newPDFReader(l Limits) pdfReader {
	return &sandbox{memory: l.Memory, turn: make(chan struct{}, pdfAtOnce)}
}

func (s *sandbox) load(ctx context.Context) (pdfium.Pool, error) {
	s.loading.Lock()
	defer s.loading.Unlock()
	if s.closed {
		return nil, errors.New("the reader of files is closed")
	}
	if s.pool != nil {
		return s.pool, nil
	}
	lasting, stop := context.WithCancel(context.WithoutCancel(ctx)) // instances live in it, beyond the first file
	pool, err := webassembly.Init(webassembly.Config{
		Context: lasting, MaxTotal: pdfAtOnce, MaxIdle: 0, MinIdle: 0,
		FSConfig: wazero.NewFSConfig(), Stdout: io.Discard, Stderr: io.Discard,
		RuntimeConfig: wazero.NewRuntimeConfig().
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
			WithMemoryLimitPages(uint32(max(1, s.memory>>16))). // of 64 KiB
			WithCloseOnContextDone(true),
	})
	if err != nil {
		stop()
		return nil, fmt.Errorf("load what reads PDFs: %w", err)
	}
	s.pool, s.stop = pool, stop
	return pool, nil
}

// loaded waits for load as long as the context lasts. Loading goes on after that, for the next PDF.
func (s *sandbox) loaded(ctx context.Context) (pdfium.Pool, error) {
	type result struct {
		pool pdfium.Pool
		err  error
	}
	done := make(chan result, 1)
	go func() {
		pool, err := s.load(ctx)
		done <- result{pool, err}
	}()
	select {
	case r := <-done:
		return r.pool, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *sandbox) close(context.Context) error {
	s.loading.Lock()
	defer s.loading.Unlock()
	s.closed = true
	if s.pool == nil {
		return nil
	}
	s.stop()
	err := s.pool.Close()
	s.pool = nil
	return err
}

// read runs beside the caller, who goes on when time is up; what is left of it ends soon after, because its instance is killed.
func (s *sandbox) read(ctx context.Context, data []byte, out *output) error {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.turn }()
	pool, err := s.loaded(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return problem.New(problem.Unavailable, locale(), "error.slow", nil).Because(err)
	}
	instance, err := pool.GetInstanceWithContext(ctx)
	if err != nil {
		return damaged(err)
	}
	done := make(chan struct{})
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		select {
		case <-done:
		case <-ctx.Done():
			_ = instance.Kill() // what it does ends with an error, which says so
		}
	}()
	err = pages(ctx, instance, data, out)
	close(done)
	<-killed
	if ctx.Err() != nil {
		_ = instance.Kill()
		return ctx.Err()
	}
	if closing := instance.Close(); closing != nil && err == nil { // it fell over: nothing of it is used again
		_ = instance.Kill()
	}
	return err
}

// broken tells what does not fit into the memory of the sandbox, where the program then gives up, from what is no PDF.
func broken(err error) error {
	if strings.Contains(err.Error(), "unreachable") {
		return refuseFor("error.bomb", err)
	}
	return damaged(err)
}

// pages takes the text of each page.
func pages(ctx context.Context, instance pdfium.Pdfium, data []byte, out *output) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = damaged(fmt.Errorf("panic: %v", r))
		}
	}()
	doc, err := instance.OpenDocument(&requests.OpenDocument{File: &data})
	switch {
	case errors.Is(err, pdferrors.ErrPassword) || errors.Is(err, pdferrors.ErrSecurity):
		return refuseFor("error.password", err)
	case err != nil:
		return broken(err)
	}
	count, err := instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil {
		return damaged(err)
	}
	out.pages = count.PageCount
	blank, wrong := 0, error(nil)
	read := min(out.pages, out.limits.Pages)
	for i := range read {
		if err := ctx.Err(); err != nil {
			return err
		}
		text, err := instance.GetPageText(&requests.GetPageText{Page: requests.Page{ByIndex: &requests.PageByIndex{Document: doc.Document, Index: i}}})
		if err != nil {
			wrong = err
			break
		}
		plain := joined(text.Text)
		if len(bytes.TrimSpace([]byte(plain))) == 0 {
			blank++
			continue
		}
		if err := out.add(plain + "\n\n"); err != nil {
			return err
		}
	}
	switch {
	case wrong != nil && out.text.Len() == 0:
		return broken(wrong)
	case wrong != nil:
		out.cut = true
	case blank == read && blank > 0:
		return refuse("error.scanned")
	case blank > 0:
		out.note("note.blank", nil)
	}
	if read < out.pages {
		out.cut = true
		out.note("note.pages", i18n.Args{"pages": strconv.Itoa(read)})
	}
	return nil
}
