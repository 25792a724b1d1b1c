package faulttest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// disk is a small file system that only processes of the test see.
type disk struct {
	holder *exec.Cmd
	dir    string // where it is for those processes
	inside string // where it is for the test
}

// mount makes a disk in a mount namespace of its own, which goes with the test. Commands is what mounts it at $1.
func mount(t *testing.T, commands string) *disk {
	t.Helper()
	needRoot(t)
	d := &disk{dir: t.TempDir()}
	d.holder = exec.Command("unshare", "--mount", "--propagation", "private", "sh", "-ec", commands+"\necho mounted\nread -r _ || true", "holder", d.dir)
	d.holder.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	d.holder.Stderr = os.Stderr
	hold, err := d.holder.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := d.holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.holder.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = hold.Close() // which ends the holder
		if err := d.holder.Wait(); err != nil {
			t.Logf("the holder of the disk: %v", err)
		}
	})
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "mounted\n" {
		t.Skip("this machine does not let a test mount a disk of its own")
	}
	d.inside = filepath.Join("/proc", strconv.Itoa(d.holder.Process.Pid), "root", d.dir)
	return d
}

// prefix is what starts a command that sees the disk.
func (d *disk) prefix() []string {
	return []string{"nsenter", "--target", strconv.Itoa(d.holder.Process.Pid), "--mount", "--"}
}

// run runs a command that sees the disk.
func (d *disk) run(t *testing.T, command ...string) {
	t.Helper()
	all := append(d.prefix(), command...)
	if out, err := exec.Command(all[0], all[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", command, err, out)
	}
}

// move prepares an installation and puts it on the disk.
func (d *disk) move(t *testing.T) *install {
	t.Helper()
	from := t.TempDir()
	in := prepare(t, from, filepath.Join(from, "tekentafel.db"))
	d.place(t, in)
	return in
}

// place puts a prepared installation on the disk.
func (d *disk) place(t *testing.T, in *install) {
	t.Helper()
	if err := os.CopyFS(d.inside, os.DirFS(in.dir)); err != nil {
		t.Fatal(err)
	}
	d.run(t, "sync", "-f", d.dir)
	in.dir, in.database, in.prefix = d.dir, filepath.Join(d.dir, "tekentafel.db"), d.prefix()
}

// database returns the address of a copy of the database, for a test that cannot see the disk as SQLite does.
func (d *disk) database(t *testing.T) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(d.inside)); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(to, "tekentafel.db")
}

// fill leaves no room.
func (d *disk) fill(t *testing.T) {
	t.Helper()
	f, err := os.Create(filepath.Join(d.inside, "ballast"))
	if err != nil {
		t.Fatal(err)
	}
	for block := make([]byte, 64<<10); len(block) > 0; {
		if _, err := f.Write(block); errors.Is(err, syscall.ENOSPC) {
			block = block[:len(block)/2]
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// upload sends a file with answers and returns what came of it.
func upload(t *testing.T, in *install, base string, size int) (int, string) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", "answers.csv")
	if err != nil {
		t.Fatal(err)
	}
	_, err = part.Write(bytes.Repeat([]byte("a,b\n"), size/4))
	if err := errors.Join(err, form.WriteField("name", "large"), form.WriteField("instrument", "genai-monitor"), form.Close()); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/api/v1/answers", &b)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+in.token)
	r.Header.Set("Content-Type", form.FormDataContentType())
	res, err := (&http.Client{Timeout: 20 * time.Second}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read from
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func TestFullDiskIsSaidAndLosesNothing(t *testing.T) {
	t.Parallel()
	d := mount(t, `mount -t tmpfs -o size=24m disk "$1"`)
	in := d.move(t)
	p := start(t, in, port(t))
	l := begin(t, in, p.url)
	for range 2 {
		l.wait(200 * time.Millisecond)
		d.fill(t)
		saidSo := l.statuses(http.StatusInsufficientStorage)
		eventually(t, 30*time.Second, "a client is told", func() bool { return l.statuses(http.StatusInsufficientStorage) > saidSo+clients })
		for path, text := range map[string]string{"/sign-in": "Stad Voorbeeld", "/readyz": "true", "/healthz": ""} {
			if status, page := get(p.url + path); path != "/healthz" && (status != http.StatusOK || !strings.Contains(page, text)) {
				t.Errorf("while the disk is full %s gives %d: %.300s", path, status, page)
			}
		}
		if status, _ := l.ask(http.MethodGet, "/people", "", nil); status != http.StatusOK {
			t.Errorf("while the disk is full people cannot be read: %d", status)
		}
		if status, text := upload(t, in, p.url, 1<<20); status != http.StatusInsufficientStorage || !strings.Contains(text, "disk of the server is full") {
			t.Errorf("an upload while the disk is full: %d %s", status, text)
		}
		if err := os.Remove(filepath.Join(d.inside, "ballast")); err != nil {
			t.Fatal(err)
		}
	}
	l.wait(100 * time.Millisecond)
	l.end()
	l.finished()
	if code := p.stop(t); code != 0 {
		t.Errorf("exit code %d\n%s", code, p.said)
	}
	l.verify(d.database(t))
	for text := range l.told {
		if !strings.Contains(text, "disk of the server is full") && !strings.Contains(text, "very busy") {
			t.Errorf("a client was told: %s", text)
		}
	}
}

func TestStartOnWhatIsReadOnlyIsRefused(t *testing.T) {
	t.Parallel()
	d := mount(t, `mount -t tmpfs -o size=24m disk "$1"`)
	in := d.move(t)
	d.run(t, "mount", "--bind", in.database, in.database)
	d.run(t, "mount", "-o", "remount,bind,ro", in.database)
	launch(t, in, port(t)).refused(t, in.database, "cannot be opened for writing", "read-only")
	d.run(t, "umount", in.database)
	d.run(t, "mount", "-o", "remount,ro", in.dir)
	launch(t, in, port(t)).refused(t, in.dir, "read-only", "check that the program may write there")
	d.run(t, "mount", "-o", "remount,rw", in.dir)
	if code := start(t, in, port(t)).stop(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// TestDiskThatFailsUnderwayIsSaidAndLosesNothing lets a file system become read-only while the server works, as Linux does
// when a disk gives errors.
func TestDiskThatFailsUnderwayIsSaidAndLosesNothing(t *testing.T) {
	t.Parallel()
	image := filepath.Join(t.TempDir(), "image")
	d := mount(t, fmt.Sprintf(`truncate -s 48M %[1]q
mkfs.ext4 -q -F %[1]q
mount -o loop,errors=remount-ro %[1]q "$1"`, image))
	in := d.move(t)
	at := port(t)
	p := start(t, in, at)
	l := begin(t, in, p.url)
	l.wait(200 * time.Millisecond)
	// At the very moment of the error the kernel may call a sync good that it then drops, which no program can see. So no
	// change is under way then.
	l.gate.Lock()
	d.run(t, "sync", "-f", d.dir)
	d.run(t, "sh", "-ec", `echo 1 >/sys/fs/ext4/$(basename "$(findmnt -n -o SOURCE "$1")")/trigger_fs_error`, "fail", d.dir)
	l.gate.Unlock()
	eventually(t, 30*time.Second, "a client is told", func() bool { return l.statuses(http.StatusServiceUnavailable) > clients })
	if status, _ := get(p.url + "/sign-in"); status != http.StatusOK {
		t.Errorf("reading a page gives %d", status)
	}
	p.stop(t) // it may or may not close its file well
	d.run(t, "umount", d.dir)
	d.run(t, "sh", "-c", `fsck.ext4 -p "$1" >/dev/null; test $? -le 2`, "fsck", image)
	d.run(t, "mount", "-o", "loop", image, d.dir)
	p = start(t, in, at)
	l.wait(100 * time.Millisecond)
	l.end()
	l.finished()
	if code := p.stop(t); code != 0 {
		t.Errorf("exit code %d\n%s", code, p.said)
	}
	l.verify(d.database(t))
	t.Logf("the clients were told: %v", l.told)
}
