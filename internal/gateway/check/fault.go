package check

import (
	"errors"

	"tekentafel/internal/gateway/backend"
)

const mendBroken = "look whether url leads to the interface that the kind says, and at what the backend logs"

// fault says what went wrong, and what can be said of the checks before.
func (v *visit) fault(check string, err error) {
	var e *backend.Error
	if !errors.As(err, &e) {
		v.say(check, Failure, "the request could not be made", "look at the name of the model in the settings", 0)
		return
	}
	if check == "answer" || check == "embeddings" { // the first that is asked
		switch e.Reason {
		case backend.Unreachable:
			v.say("reach", Failure, "the server is not reached", "check url, and from this machine the name, the port, the firewall, the certificate (ca_file) and the proxy", 0)
			v.say(check, Skipped, "not looked at", "", 0)
			return
		case backend.Credentials:
			v.say("reach", OK, "the server is reached", "", 0)
			v.say("key", Failure, "the server does not accept the key, or the key may not use this model, or nothing is left to spend", "check what key_env or key_file holds, and at the provider the rights and the credit of the key", 0)
			v.say(check, Skipped, "not looked at", "", 0)
			return
		case backend.Slow, backend.Severed, backend.Unfit, backend.Unknown, backend.Gone:
		default:
			v.reached()
		}
	}
	found, mend := explain(e)
	v.say(check, Failure, found, mend, 0)
}

// explain puts a reason in words. What the server said of a refusal is for the operator who reads this: what was sent is our own sentence.
func explain(e *backend.Error) (found, mend string) {
	switch e.Reason {
	case backend.Busy:
		return "the server has no room, or asks to be left alone for a while", "try again later; when it stays so, ask the provider for more, or add a route to another backend"
	case backend.Slow:
		return "no answer came in time", "a model that is loaded first needs longer: set timeouts, or look whether the backend is stuck"
	case backend.Refusal:
		return "the server refuses the request: " + e.Fault.Error(), "check the name of the model in the route, and shapes"
	case backend.Unfit:
		return "the request cannot be put in the interface of this backend: " + e.Fault.Error(), "check kind and shapes"
	case backend.Severed:
		return "the connection broke off", "look at what the backend logs, and at a proxy between"
	case backend.Gone:
		return "the check was stopped", ""
	case backend.Unreachable, backend.Credentials:
		return "it worked a moment ago and does not now: " + string(e.Reason), "try again; look at what the backend logs"
	default:
		if e.Fault.Code == "upstream_model" {
			return "the server does not have this model, or url leads elsewhere", "check the name of the model in the route and the path in url; Ollama: pull the model first"
		}
		return "the server failed, or answered in a form that is not right", mendBroken
	}
}
