package app

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people"
	"tekentafel/internal/people/folder"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/invite"
	"tekentafel/internal/tenant"
)

// accountsOfStaff tells the personnel data which accounts people have.
type accountsOfStaff struct{ staff }

// Name implements people.Accounts.
func (accountsOfStaff) Name(ctx context.Context, r db.Reader, account string) (string, error) {
	var name string
	err := r.Row(ctx, `SELECT name FROM accounts WHERE tenant_id = $1 AND id = $2`, []any{account}, &name)
	return name, ignoreMissing(err)
}

// StaffParts are what the personnel data is built on.
type StaffParts struct {
	DB        *db.DB
	Audit     *audit.Log
	Queue     *jobs.Queue
	Box       *seal.Box
	Now       clock.Clock
	Log       *slog.Logger
	Zone      *time.Location
	Dir       string // for files while they are read
	MaxUpload int64  // bytes
}

// NewStaff builds the personnel data without its pages and registers its jobs: for the server, and for a command that works on its store.
func NewStaff(p StaffParts) *people.Service {
	return people.New(people.Dependencies{DB: p.DB, Audit: p.Audit, Queue: p.Queue, Box: p.Box, Now: p.Now, Log: p.Log, Organisations: organisations{p.DB},
		Accounts: accountsOfStaff{}, Zone: p.Zone, Dir: p.Dir, MaxUpload: p.MaxUpload})
}

// watchStaff takes files with personnel data from the folder of the installation, where it has one.
func (a *App) watchStaff(ctx context.Context) {
	if a.folder != nil {
		a.folder.Run(ctx)
	}
}

// newFolder is what looks into the folder; nil where the installation has none.
func (a *App) newFolder() *folder.Watcher {
	if a.StaffFolder == "" {
		return nil
	}
	return folder.New(folder.Parts{Root: a.StaffFolder, DB: a.DB, People: a.Staff, Organisations: a.withFolders, Now: a.Now, Log: a.Log, Dir: a.Dir, MaxUpload: a.MaxUpload})
}

// withFolders lists the organisations, each of which may have a folder of its short name.
func (a *App) withFolders(ctx context.Context) ([]folder.Organisation, error) {
	var list []folder.Organisation
	err := a.DB.System().Rows(ctx, `SELECT tenant_id, slug, languages FROM organisations ORDER BY slug`, func(scan func(...any) error) error {
		var id, slug, languages string
		err := scan(&id, &slug, &languages)
		first, _, _ := strings.Cut(languages, ",")
		list = append(list, folder.Organisation{ID: tenant.ID(id), Slug: slug, Lang: instrument.Lang(first)})
		return err
	})
	return list, err
}

// staffOfWaves is the personnel data as waves want it.
type staffOfWaves struct{ *people.Service }

// Units implements invite.Staff.
func (s staffOfWaves) Units(ctx context.Context, actor access.Actor) ([]invite.StaffUnit, error) {
	list, err := s.FrameUnits(ctx, actor)
	out := make([]invite.StaffUnit, len(list))
	for i := range list {
		out[i] = invite.StaffUnit(list[i])
	}
	return out, err
}

// People implements invite.Staff.
func (s staffOfWaves) People(ctx context.Context, actor access.Actor, q invite.StaffQuery) ([]invite.StaffPerson, int, error) {
	list, n, err := s.Frame(ctx, actor, people.FrameQuery(q))
	out := make([]invite.StaffPerson, len(list))
	for i := range list {
		out[i] = invite.StaffPerson(list[i])
	}
	return out, n, err
}
