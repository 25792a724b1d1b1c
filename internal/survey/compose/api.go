package compose

import (
	"context"
	"encoding/json"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

const tag = "waves"

// QuestionsView is the questionnaire of a wave as scripts see it.
type QuestionsView struct {
	Wave    string          `json:"wave"`
	Version int64           `json:"version" doc:"Of the wave; a change names the one that it is made on."`
	Locked  bool            `json:"locked" doc:"The wave was launched: nothing can change."`
	Recipe  json.RawMessage `json:"recipe" doc:"How the questionnaire is put together."`
	Issues  []IssueView     `json:"issues" doc:"What keeps it from being asked."`
}

// IssueView is what keeps a questionnaire from being asked.
type IssueView struct {
	Key      string `json:"key"`
	Question string `json:"question,omitempty"`
	Message  string `json:"message"`
}

type (
	byID struct {
		ID string `path:"id"`
	}
	questionsBody struct{ Body QuestionsView }
	recipeRequest struct {
		ID   string `path:"id"`
		Key  string `header:"Idempotency-Key" maxLength:"64"`
		Body struct {
			Version int64           `json:"version"`
			Recipe  json.RawMessage `json:"recipe"`
		}
	}
	fileAnswer struct {
		Type string `header:"Content-Type"`
		Body []byte
	}
)

// API registers the operations of this package.
func (s *Service) API(a *api.API) {
	api.Get(a, "/waves/{id}/questions", api.About{ID: "get-wave-questions", Summary: "Describe the questionnaire of a wave and what keeps it from being asked.",
		Tag: tag, Action: access.ReadWave}, s.apiQuestions)
	api.Get(a, "/waves/{id}/questionnaire", api.About{ID: "get-wave-questionnaire", Summary: "Download the questionnaire of a wave (YAML), as it would be asked, or as it was launched.",
		Tag: tag, Action: access.ReadWave}, s.apiFile)
	api.Put(a, "/waves/{id}/questions", api.About{ID: "set-wave-questions", Summary: "Replace the recipe of the questionnaire of a draft.",
		Tag: tag, Action: access.RunWave, Body: MaxRecipe + maxForm}, s.apiSet)
}

func (s *Service) apiQuestions(ctx context.Context, c api.Caller, in *byID) (*questionsBody, error) {
	set, err := s.Open(ctx, c.Actor, in.ID)
	if err != nil {
		return nil, err
	}
	return viewOf(set, c.Lang)
}

func viewOf(set *Set, lang instrument.Lang) (*questionsBody, error) {
	recipe, err := set.Recipe.JSON()
	if err != nil {
		return nil, err
	}
	out := &questionsBody{QuestionsView{Wave: set.Wave.ID, Version: set.Wave.Version, Locked: set.Locked(), Recipe: recipe, Issues: []IssueView{}}}
	for _, i := range set.Issues {
		out.Body.Issues = append(out.Body.Issues, IssueView{Key: i.Key, Question: i.Item, Message: i.In(lang)})
	}
	return out, nil
}

func (s *Service) apiFile(ctx context.Context, c api.Caller, in *byID) (*fileAnswer, error) {
	set, err := s.Open(ctx, c.Actor, in.ID)
	if err != nil {
		return nil, err
	}
	text, err := s.text(ctx, c.Actor.Tenant, set)
	if err != nil {
		return nil, err
	}
	return &fileAnswer{Type: "application/yaml", Body: text}, nil
}

func (s *Service) apiSet(ctx context.Context, c api.Caller, in *recipeRequest) (*questionsBody, error) {
	recipe, err := Read(in.Body.Recipe)
	if err != nil {
		return nil, refuse(problem.Invalid, "error.recipe", nil).Because(err)
	}
	if _, err := s.base(recipe.Base); err != nil {
		return nil, refuse(problem.Invalid, "error.base", nil).Because(err)
	}
	if err := recipe.check(); err != nil {
		return nil, err
	}
	err = s.Change(ctx, c.Actor, in.ID, Change{What: "recipe", Version: in.Body.Version, Asked: c.Asked(in.Key, in.Body)}, func(set *Set) error {
		set.Recipe = recipe
		return nil
	})
	if err != nil {
		return nil, err
	}
	set, err := s.load(ctx, s.DB.Of(c.Actor.Tenant), in.ID)
	if err != nil {
		return nil, err
	}
	return viewOf(set, c.Lang)
}
