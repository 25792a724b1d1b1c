package folder

import "strings"

// unfinished tells whether a name says that the file is hidden or being written: by a browser, a copier, an office program or an editor.
func unfinished(name string) bool {
	low := strings.ToLower(name)
	if strings.HasPrefix(low, ".") || strings.HasPrefix(low, "~") || strings.HasSuffix(low, "~") || strings.HasPrefix(low, "#") {
		return true
	}
	for _, end := range []string{".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".swp", ".lock", ".lck", ".writing", ".uploading", ".inprogress"} {
		if strings.HasSuffix(low, end) {
			return true
		}
	}
	return false
}
