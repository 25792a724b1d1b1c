package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// fetch reads an address as a browser does and keeps what came over the line.
func fetch(ctx context.Context, address string, as session) (stored, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return stored{}, err
	}
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	r.Header.Set("Accept-Language", "nl-BE,nl;q=0.9")
	if as != "" {
		r.Header.Set("Cookie", string(as))
	}
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableCompression: true}}
	defer client.CloseIdleConnections()
	res, err := client.Do(r)
	if err != nil {
		return stored{}, err
	}
	defer res.Body.Close() //nolint:errcheck // only read from
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = errors.New(res.Status)
	}
	if err != nil {
		return stored{}, fmt.Errorf("%s: %w", r.URL.Path, err)
	}
	return stored{Path: r.URL.RequestURI(), Header: res.Header, Body: body}, nil
}

// text returns the body unpacked.
func (s stored) text() (string, error) {
	if s.Header.Get("Content-Encoding") != "gzip" {
		return string(s.Body), nil
	}
	z, err := gzip.NewReader(bytes.NewReader(s.Body))
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(z)
	return string(b), err
}

var (
	inPage  = regexp.MustCompile(`(?:href|src)="(/(?:assets|o)/[^"]+\.(?:css|js|svg|png|woff2)[^"]*)"`)
	inStyle = regexp.MustCompile(`url\(["']?([^"')]+\.woff2)["']?\)`)
)

// weigh prints what a browser loads for its first page: the page, its style, scripts and icon, and the typeface for Latin
// letters. That for the letters of other languages is loaded only where they stand.
func weigh(ctx context.Context, base string, as session) error {
	for _, first := range []struct {
		name, path string
		as         session
	}{{"first load, sign-in page", "/sign-in", ""}, {"first load, home page", "/", as}} {
		page, err := fetch(ctx, base+first.path, first.as)
		if err != nil {
			return err
		}
		html, err := page.text()
		if err != nil {
			return err
		}
		total, parts, seen := len(page.Body), []string{fmt.Sprintf("page %.1f", float64(len(page.Body))/1000)}, map[string]bool{}
		queue := []string{}
		for _, m := range inPage.FindAllStringSubmatch(html, -1) {
			queue = append(queue, m[1])
		}
		for len(queue) > 0 {
			path := queue[0]
			queue = queue[1:]
			if seen[path] || strings.Contains(path, "latin-ext") || strings.Contains(path, "touch-icon") || strings.Contains(path, "favicon.") && strings.HasSuffix(path, ".png") {
				continue
			}
			seen[path] = true
			a, err := fetch(ctx, base+path, first.as)
			if err != nil {
				return err
			}
			total += len(a.Body)
			parts = append(parts, fmt.Sprintf("%s %.1f", filepath.Base(path), float64(len(a.Body))/1000))
			if strings.HasSuffix(path, ".css") {
				style, err := a.text()
				if err != nil {
					return err
				}
				for _, m := range inStyle.FindAllStringSubmatch(style, -1) {
					queue = append(queue, "/assets/"+filepath.Base(m[1]))
				}
			}
		}
		fmt.Printf("%-34s %8.1f kB   %s; %s\n", first.name, float64(total)/1000, verdict(total <= weightTarget, "at most 100 kB"), strings.Join(parts, ", "))
	}
	return nil
}

// collect makes the mix of requests, five pages for each person in turn, and keeps the answers for the peer.
func (s *server) collect(ctx context.Context, dir string, sessions []session) ([]request, error) {
	list, err := fetch(ctx, s.url+"/reports", sessions[1])
	if err != nil {
		return nil, err
	}
	html, err := list.text()
	if err != nil {
		return nil, err
	}
	found := reportPath.FindStringSubmatch(html)
	if found == nil {
		return nil, errors.New("there is no report to read")
	}
	report := found[1]
	var requests []request
	var answers []stored
	for i, as := range sessions {
		for _, path := range []string{"/", "/reports", report, report + "/groups", "/me/security"} {
			a, err := fetch(ctx, s.url+path, as)
			if err != nil {
				return nil, err
			}
			requests = append(requests, request{path: path, bytes: []byte("GET " + path + " HTTP/1.1\r\nHost: " + s.address + "\r\nCookie: " + string(as) +
				"\r\nAccept: text/html,application/xhtml+xml,*/*;q=0.8\r\nAccept-Language: nl-BE,nl;q=0.9\r\nAccept-Encoding: gzip, deflate, br\r\n" +
				"Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n\r\n")})
			if i == 0 {
				answers = append(answers, a)
				fmt.Printf("  %-32s %8.1f kB, %.1f kB packed\n", strings.Replace(path, report, "/reports/{id}", 1), unpacked(a), float64(len(a.Body))/1000)
			}
		}
	}
	return requests, saveJSON(filepath.Join(dir, "answers"), answers)
}

// unpacked returns the size of a page in kB.
func unpacked(a stored) float64 {
	html, err := a.text()
	if err != nil {
		return 0
	}
	return float64(len(html)) / 1000
}
