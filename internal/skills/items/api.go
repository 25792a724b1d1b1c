package items

import (
	"context"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/db"
	"tekentafel/internal/skills/items/tune"
)

type nothing struct{}

type apiBody[T any] struct{ Body T }

type byItem struct {
	ID string `path:"id" doc:"Of the item, such as cri-verify-01." maxLength:"64"`
}

type byCalibration struct {
	ID string `path:"id" maxLength:"64"`
}

type calibrateRequest struct {
	Key  string `header:"Idempotency-Key" doc:"A key of your own; the same request with it is done once." maxLength:"64"`
	Body struct {
		Gifts bool `json:"gifts" doc:"Answers that people gave after their own check count too."`
	}
}

type adoptRequest struct {
	ID   string `path:"id" maxLength:"64"`
	Key  string `header:"Idempotency-Key" doc:"A key of your own; the same request with it is done once." maxLength:"64"`
	Body struct {
		Note string `json:"note,omitempty" maxLength:"500"`
	}
}

type putBackRequest struct {
	Key  string `header:"Idempotency-Key" doc:"A key of your own; the same request with it is done once." maxLength:"64"`
	Body struct {
		Version int64 `json:"version" minimum:"0" doc:"The version to use again; 0 is the guesses of experts."`
	}
}

// CalibrationView is a calibration, for who computes with it.
type CalibrationView struct {
	ID      string       `json:"id"`
	At      time.Time    `json:"at"`
	Account string       `json:"account,omitempty" doc:"Who asked for it; absent when they were erased."`
	Gifts   bool         `json:"gifts" doc:"Answers that people gave were to count."`
	MadeUp  bool         `json:"made_up" doc:"It rests on made-up answers."`
	Base    int64        `json:"base" doc:"The version in use when it was computed."`
	Adopted int64        `json:"adopted,omitempty" doc:"The version that was made from it."`
	Items   int          `json:"items" doc:"How many items it calibrates."`
	Result  *tune.Result `json:"result,omitempty" doc:"Only of a single calibration."`
}

// VersionView is a version of the parameters.
type VersionView struct {
	Number      int64     `json:"number"`
	At          time.Time `json:"at"`
	Account     string    `json:"account,omitempty" doc:"Who took it in use; absent when they were erased."`
	Note        string    `json:"note,omitempty"`
	Calibration string    `json:"calibration,omitempty"`
	PutsBack    *int64    `json:"puts_back,omitempty" doc:"The version that it repeats; 0 is the guesses of experts."`
	Items       int       `json:"items" doc:"How many items have parameters that answers gave."`
}

// JobView is work that was asked for.
type JobView struct {
	Job string `json:"job" doc:"Its id, for the operations on jobs."`
}

func viewOfCalibration(c *Calibration) CalibrationView {
	return CalibrationView{ID: c.ID, At: c.At, Account: c.Account, Gifts: c.Gifts, MadeUp: c.Synthetic, Base: c.Base, Adopted: c.Adopted, Items: c.Result.Count(tune.Calibrated), Result: c.Result}
}

func viewOfVersion(v *Version) VersionView {
	out := VersionView{Number: v.Number, At: v.At, Account: v.Account, Note: v.Note, Calibration: v.Calibration, Items: len(v.Parameters)}
	if v.PutsBack >= 0 {
		out.PutsBack = &v.PutsBack
	}
	return out
}

// API registers the operations.
func (s *Service) API(a *api.API) {
	about := func(id, summary string, action access.Action) api.About {
		return api.About{ID: id, Summary: summary, Tag: "skills", Action: action}
	}
	api.Get(a, "/skills/items", about("list-skill-items", "List the items of the test with the parameters in use.", reads), s.apiBank)
	api.Get(a, "/skills/items/{id}", about("get-skill-item", "Tell the parameters of an item.", reads), s.apiItem)
	api.Post(a, "/skills/item-calibrations", about("calibrate-skill-items", "Calibrate the items from the answers there are, as a job.", writes), s.apiCalibrate)
	api.Get(a, "/skills/item-calibrations", about("list-skill-item-calibrations", "List the calibrations, the newest first.", reads), s.apiCalibrations)
	api.Get(a, "/skills/item-calibrations/{id}", about("get-skill-item-calibration", "Tell everything that a calibration found.", reads), s.apiCalibration)
	api.Post(a, "/skills/item-calibrations/{id}/adopt", about("adopt-skill-item-calibration", "Take a calibration in use, as a new version of the parameters.", writes), s.apiAdopt)
	api.Get(a, "/skills/item-versions", about("list-skill-item-versions", "List the versions of the parameters, the newest first.", reads), s.apiVersions)
	api.Post(a, "/skills/item-versions", about("put-back-skill-items", "Use the parameters of an earlier version again, as a new version.", writes), s.apiPutBack)
}

func (s *Service) apiBank(ctx context.Context, c api.Caller, _ *nothing) (*apiBody[BankView], error) {
	u, err := s.usedBy(ctx, s.DB.Of(c.Actor.Tenant))
	if err != nil {
		return nil, err
	}
	return &apiBody[BankView]{s.viewOf(u)}, nil
}

func (s *Service) apiItem(ctx context.Context, c api.Caller, in *byItem) (*apiBody[ItemView], error) {
	u, err := s.usedBy(ctx, s.DB.Of(c.Actor.Tenant))
	if err != nil {
		return nil, err
	}
	v := s.viewOf(u)
	for i := range v.Items {
		if v.Items[i].ID == in.ID {
			return &apiBody[ItemView]{v.Items[i]}, nil
		}
	}
	return nil, db.ErrNoRow
}

func (s *Service) apiCalibrate(ctx context.Context, c api.Caller, in *calibrateRequest) (*apiBody[JobView], error) {
	job, err := s.Calibrate(ctx, c.Actor, in.Body.Gifts, c.Asked(in.Key, in.Body))
	if err != nil {
		return nil, err
	}
	return &apiBody[JobView]{JobView{job}}, nil
}

func (s *Service) apiCalibrations(ctx context.Context, c api.Caller, _ *nothing) (*apiBody[[]CalibrationView], error) {
	list, err := s.Calibrations(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	out := []CalibrationView{}
	for i := range list {
		v := viewOfCalibration(&list[i])
		v.Result = nil
		out = append(out, v)
	}
	return &apiBody[[]CalibrationView]{out}, nil
}

func (s *Service) apiCalibration(ctx context.Context, c api.Caller, in *byCalibration) (*apiBody[CalibrationView], error) {
	one, err := s.Calibration(ctx, c.Actor, in.ID)
	if err != nil {
		return nil, err
	}
	return &apiBody[CalibrationView]{viewOfCalibration(&one)}, nil
}

func (s *Service) apiAdopt(ctx context.Context, c api.Caller, in *adoptRequest) (*apiBody[VersionView], error) {
	n, err := s.Adopt(ctx, c.Actor, in.ID, in.Body.Note, c.Asked(in.Key, []any{in.ID, in.Body}))
	if err != nil {
		return nil, err
	}
	return s.oneVersion(ctx, c, n)
}

func (s *Service) apiPutBack(ctx context.Context, c api.Caller, in *putBackRequest) (*apiBody[VersionView], error) {
	n, err := s.PutBack(ctx, c.Actor, in.Body.Version, c.Asked(in.Key, in.Body))
	if err != nil {
		return nil, err
	}
	return s.oneVersion(ctx, c, n)
}

func (s *Service) oneVersion(ctx context.Context, c api.Caller, n int64) (*apiBody[VersionView], error) {
	v, err := versionOf(ctx, s.DB.Of(c.Actor.Tenant), n)
	if err != nil {
		return nil, err
	}
	return &apiBody[VersionView]{viewOfVersion(&v)}, nil
}

func (s *Service) apiVersions(ctx context.Context, c api.Caller, _ *nothing) (*apiBody[[]VersionView], error) {
	list, err := s.Versions(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	out := []VersionView{}
	for i := range list {
		out = append(out, viewOfVersion(&list[i]))
	}
	return &apiBody[[]VersionView]{out}, nil
}
