package identity

// themeURL is the address of the style sheet with the colours of an organisation; "" without one.
func themeURL(slug, hash string) string {
	if hash == "" {
		return ""
	}
	return "/theme/" + slug + "/" + hash + ".css"
}

// logoURL is the address of the logo of an organisation; "" without one.
func logoURL(slug, hash string) string {
	if hash == "" {
		return ""
	}
	return "/logo/" + slug + "/" + hash + ".png"
}
