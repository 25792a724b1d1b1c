package config

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tekentafel/internal/seal"
)

// Place is where an installation keeps what it knows, checked.
type Place struct {
	Data       string // the data folder, absolute
	Database   Secret // the address for db.Open
	PostgreSQL bool
	Key        Secret // as given by the environment, or not set
	KeyFile    string // where the key is, or comes, when Key is not set; "" on PostgreSQL without one
}

const (
	defaultData  = "/var/lib/tekentafel"
	databaseName = "tekentafel.db"
	keyName      = "key"
)

// Place checks where the installation is. The error is of type Problems.
func (s *Store) Place() (*Place, error) {
	var problems Problems
	p := s.place(&problems)
	return p, problems.orNil()
}

func (s *Store) place(problems *Problems) *Place {
	add := func(setting, what, mend string) {
		*problems = append(*problems, Problem{What: what, Where: s.origin.where(setting), Mend: mend})
	}
	p := &Place{Key: s.Key, KeyFile: s.KeyFile}
	var err error
	if p.Data, err = filepath.Abs(s.dataFolder()); err != nil {
		add("data", "the data folder has no absolute path: "+err.Error(), "give it from the root, as "+defaultData)
	}
	p.Database = s.Database
	switch {
	case s.Database.IsSet() && s.DatabaseFile != "":
		add("database-file", "the database is given twice", "leave database or database-file")
	case s.DatabaseFile != "":
		text, err := firstLine(s.DatabaseFile)
		if err != nil {
			add("database-file", "the address of the database cannot be read: "+err.Error(), "check the file and its rights; it holds one line")
		}
		p.Database = NewSecret(text)
	case !s.Database.IsSet():
		p.Database = NewSecret(filepath.Join(p.Data, databaseName))
	}
	p.PostgreSQL = isPostgres(p.Database.Reveal())
	setting := "database"
	if s.DatabaseFile != "" {
		setting = "database-file"
	}
	if what := wrongAddress(p.Database.Reveal()); what != "" {
		add(setting, what, "write postgres://user:password@host:5432/name, or the path of a file")
	} else if readable(p.Database.Reveal()) {
		add(setting, "names and answers would travel to the database without a protection that is checked",
			"put ?sslmode=verify-full behind the address, with &sslrootcert=FILE when the authority is your own; a socket or 127.0.0.1 needs none")
	}
	switch {
	case s.origin.flags["key"]:
		add("key", "the key stands in the command line, where every user of this machine sees it", "set TEKENTAFEL_KEY or key-file")
	case s.origin.entries["key"].line > 0:
		add("key", "the key stands in the settings file, which is read by more people than the key", "set TEKENTAFEL_KEY or key-file")
	case s.Key.IsSet() && s.KeyFile != "":
		add("key-file", "the key is given twice", "leave TEKENTAFEL_KEY or key-file")
	case s.Key.IsSet():
		if _, err := seal.Parse(s.Key.Reveal()); err != nil {
			add("key", err.Error(), "set it as it was printed, in one line")
		}
	case s.KeyFile == "" && !p.PostgreSQL:
		p.KeyFile = filepath.Join(p.Data, keyName)
	case s.KeyFile == "":
		add("key", "on PostgreSQL the key of the installation must be given, the same on each node",
			"make one with \"tekentafel new-key\", once, and set key-file or TEKENTAFEL_KEY")
	}
	return p
}

func (s *Store) dataFolder() string {
	if s.Data != "" {
		return s.Data
	}
	if given, _, _ := strings.Cut(os.Getenv("STATE_DIRECTORY"), ":"); given != "" {
		return given
	}
	if info, err := os.Stat(defaultData); err == nil && info.IsDir() {
		return defaultData
	}
	return "data"
}

func isPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// wrongAddress says what is wrong with the address of a database, without its password.
func wrongAddress(address string) string {
	if !isPostgres(address) {
		if scheme, _, found := strings.Cut(address, "://"); found {
			return fmt.Sprintf("databases of the kind %q are not known", scheme)
		}
		return ""
	}
	u, err := url.Parse(address)
	if err != nil {
		return "the address of the database is no URL (a / ? # or @ in the password is written as %2F %3F %23 %40)"
	}
	if strings.Trim(u.Path, "/") == "" {
		return "the address of the database names no database"
	}
	return ""
}

// readable tells whether what goes to a database could be read or changed on its way: it is on another machine, and the
// address does not ask for TLS with a certificate that is checked (libpq: sslmode).
func readable(address string) bool {
	u, err := url.Parse(address)
	if err != nil || !isPostgres(address) {
		return false
	}
	q := u.Query()
	if mode := q.Get("sslmode"); mode == "verify-full" || mode == "verify-ca" {
		return false
	}
	hosts := strings.Split(q.Get("host"), ",")
	if u.Hostname() != "" {
		hosts = append(hosts, u.Hostname())
	}
	return slices.ContainsFunc(hosts, func(h string) bool { return h != "" && !strings.HasPrefix(h, "/") && !Loopback(h) })
}

// firstLine reads a file that holds one secret.
func firstLine(path string) (string, error) {
	data, err := read(path)
	if err != nil {
		return "", err
	}
	line := strings.TrimSpace(string(data))
	if line == "" {
		return "", fmt.Errorf("%s is empty", path)
	}
	if strings.ContainsAny(line, "\r\n") {
		return "", fmt.Errorf("%s holds more than one line", path)
	}
	return line, nil
}

// ErrNoKey says that the file with the key is not there.
var ErrNoKey = errors.New("the key of the installation is missing")

// OpenKey returns the key of the installation. The error is ErrNoKey when its file is not there.
func (p *Place) OpenKey() (*seal.Box, error) {
	if p.Key.IsSet() {
		return seal.Parse(p.Key.Reveal())
	}
	text, err := firstLine(p.KeyFile)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w: there is no file %s; put the key of this installation there from where you keep a copy, or name its file with key-file", ErrNoKey, p.KeyFile)
	}
	if err != nil {
		return nil, fmt.Errorf("the key of the installation cannot be read: %w; check the file and its rights", err)
	}
	box, err := seal.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.KeyFile, err)
	}
	return box, nil
}

// OpenOrMakeKey is OpenKey, and makes the key at the first start: on SQLite, when there is neither a key in the default
// place nor a database. Made says that it did, so that the one who starts the program is told to keep a copy.
func (p *Place) OpenOrMakeKey() (box *seal.Box, made bool, err error) {
	box, err = p.OpenKey()
	if !errors.Is(err, ErrNoKey) || p.PostgreSQL || p.KeyFile != filepath.Join(p.Data, keyName) {
		return box, false, err
	}
	if _, there := os.Stat(strings.TrimPrefix(p.Database.Reveal(), "sqlite:")); there == nil {
		return nil, false, fmt.Errorf("%w; a new key would not open what the database holds", err)
	}
	if err := os.MkdirAll(p.Data, 0o700); err != nil {
		return nil, false, fmt.Errorf("the data folder cannot be made: %w; make it and give it to the user of this program, or choose another with data", err)
	}
	text := seal.NewKey()
	if err := writeKey(p.KeyFile, text); err != nil {
		return nil, false, fmt.Errorf("the key of the installation cannot be written: %w; check that the program may write in the data folder", err)
	}
	box, err = seal.Parse(text)
	return box, true, err
}

// writeKey writes a new file, readable by its owner alone, and waits until it is on the disk.
func writeKey(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}
