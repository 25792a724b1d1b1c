package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"tekentafel/internal/config"
)

// settings looks whether the settings can be used.
func settings(_ context.Context, v *visit) []Finding {
	v.checked, v.wrong = v.Settings.Check()
	var problems config.Problems
	if !errors.As(v.wrong, &problems) {
		return ok("all settings are valid")
	}
	var out []Finding
	for _, p := range problems {
		out = append(out, Finding{Level: Failure, Found: p.Where + ": " + p.What, Mend: p.Mend})
	}
	return out
}

// user looks whether the program has more rights than it needs.
func user(_ context.Context, v *visit) []Finding {
	if v.machine.uid() == 0 {
		return bad(Warning, "run it as a user of its own, as the systemd unit does; what this command makes would belong to root", "this runs as root")
	}
	return ok("user %d, not root", v.machine.uid())
}

// dataFolder looks whether the data folder is there, private, and can be written to.
func dataFolder(_ context.Context, v *visit) []Finding {
	dir := v.checked.Data
	info, err := os.Stat(dir)
	if errors.Is(err, os.ErrNotExist) {
		if v.checked.PostgreSQL {
			return ok("%s is not there, and with PostgreSQL it is not needed", dir)
		}
		return bad(Warning, "the first start makes it; or make it and give it to the user of the program", "%s is not there", dir)
	}
	if err != nil {
		return bad(Failure, "give the folder to the user of the program", "%s cannot be looked at: %v", dir, err)
	}
	if !info.IsDir() {
		return bad(Failure, "name a folder with data", "%s is no folder", dir)
	}
	if info.Mode().Perm()&0o007 != 0 {
		return bad(Failure, "chmod 700 "+dir, "every user of this machine can enter %s (mode %o)", dir, info.Mode().Perm())
	}
	if err := tryWrite(dir); err != nil {
		mend := "give it to the user of the program: chown USER " + dir + "; in a systemd unit StateDirectory= does so"
		if errors.Is(err, syscall.EROFS) {
			mend = "the disk is mounted read-only: look at dmesg for the cause, and mount it for writing"
		} else if errors.Is(err, syscall.ENOSPC) {
			mend = "the disk is full: make room"
		}
		return bad(Failure, mend, "%s cannot be written to: %v", dir, err)
	}
	if info.Mode().Perm()&0o070 != 0 {
		return bad(Warning, "chmod 700 "+dir, "a group can enter %s (mode %o)", dir, info.Mode().Perm())
	}
	return ok("%s is private and can be written to", dir)
}

// tryWrite writes a file in dir and takes it away.
func tryWrite(dir string) error {
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString("x")
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

const (
	fewBytes   = 1 << 30
	tooFewByte = 100 << 20
)

// disk looks how much room is left.
func disk(_ context.Context, v *visit) []Finding {
	dir := v.checked.Data
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			break
		}
	}
	free, size, err := v.machine.free(dir)
	if err != nil {
		return bad(Warning, "look with df "+dir, "the room on the disk is not known: %v", err)
	}
	left := fmt.Sprintf("%d MB of %d MB are free at %s", free>>20, size>>20, dir)
	const mend = "make room: move backups away, or enlarge the disk (docs/operation.md, when the disk is full)"
	switch {
	case free < tooFewByte:
		return bad(Failure, mend, "%s", left)
	case free < fewBytes || free < size/20:
		return bad(Warning, mend, "%s", left)
	}
	return ok("%s", left)
}

func freeSpace(folder string) (free, size uint64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, 0, err
	}
	return s.Bavail * uint64(s.Bsize), s.Blocks * uint64(s.Bsize), nil
}

// key looks whether the key of the installation is there and nobody else's to read.
func key(_ context.Context, v *visit) []Finding {
	p := v.checked.Place
	if !p.Key.IsSet() && p.KeyFile == "" {
		return bad(Failure, "make one with \"tekentafel new-key\", once, and set key-file on each node", "there is no key")
	}
	box, err := p.OpenKey()
	if errors.Is(err, config.ErrNoKey) {
		if _, there := os.Stat(sqliteFile(p)); there != nil && !p.PostgreSQL {
			return bad(Warning, "the first start makes it; keep a copy in another place afterwards", "there is no key yet, and no database")
		}
	}
	if err != nil {
		return bad(Failure, "put the key of this installation back from where you keep a copy", "%v", err)
	}
	if !p.Key.IsSet() {
		if info, err := os.Stat(p.KeyFile); err == nil && info.Mode().Perm()&0o077 != 0 {
			return bad(Failure, "chmod 600 "+p.KeyFile, "others can read %s (mode %o)", p.KeyFile, info.Mode().Perm())
		}
	}
	return ok("there is a key with the fingerprint %s; keep a copy of it apart from the backups", box.Fingerprint())
}

func sqliteFile(p config.Place) string { return strings.TrimPrefix(p.Database.Reveal(), "sqlite:") }

// sandbox looks whether systemd keeps the program apart, when it runs under it.
func sandbox(_ context.Context, v *visit) []Finding {
	if v.machine.getenv("INVOCATION_ID") == "" {
		return ok("not under systemd, so its sandbox was not looked at; systemd-analyze security tekentafel does")
	}
	data, err := os.ReadFile(v.machine.status)
	if err != nil {
		return bad(Warning, "look with systemd-analyze security tekentafel", "the sandbox cannot be seen: %v", err)
	}
	var missing []string
	for line, setting := range map[string]string{"NoNewPrivs:\t1": "NoNewPrivileges=yes", "Seccomp:\t2": "SystemCallFilter="} {
		if !strings.Contains(string(data), line) {
			missing = append(missing, setting)
		}
	}
	if len(missing) > 0 {
		return bad(Warning, "use the unit in deploy/, and see systemd-analyze security tekentafel", "systemd runs this without %s", strings.Join(missing, " and "))
	}
	return ok("systemd keeps the program apart")
}

func lookup(ctx context.Context, host string) ([]string, error) {
	return net.DefaultResolver.LookupHost(ctx, host)
}
