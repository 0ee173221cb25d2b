// The standard library alone: MIANMI=https://id.example APP_ID=wx… MIANMI_KEY=mk_… go run main.go
package main

import ("encoding/json"; "fmt"; "net/http"; "net/url"; "os"; "strings")

var issuer, appID, key = os.Getenv("MIANMI"), os.Getenv("APP_ID"), os.Getenv("MIANMI_KEY")

func ask(method, path, form string, reply any) error {
	request, _ := http.NewRequest(method, issuer+"/v1"+path, strings.NewReader(form))
	request.Header.Set("Authorization", "Bearer "+key)
	if form != "" { request.Header.Set("Content-Type", "application/x-www-form-urlencoded") }
	response, err := http.DefaultClient.Do(request)
	if err != nil { return err }
	defer response.Body.Close()
	if response.StatusCode != 200 { return fmt.Errorf("mianmi answered %s", response.Status) }
	return json.NewDecoder(response.Body).Decode(reply)
}

// signedIn asks mianmi, so an ended session is refused at once.
func signedIn(handle func(user string) any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		var found struct { Active bool; Sub, Aud string }
		if token != "" && ask("POST", "/introspect", url.Values{"token": {token}}.Encode(), &found) != nil { w.WriteHeader(502); return }
		if !found.Active || found.Aud != appID { w.WriteHeader(401); return }
		json.NewEncoder(w).Encode(handle(found.Sub))
	}
}

func main() {
	http.Handle("/orders", signedIn(func(user string) any { return map[string]string{"user": user} }))
	http.Handle("/pay", signedIn(func(user string) any {
		var found struct { Identities []struct{ AppId, Openid string } }
		ask("GET", "/users/"+url.PathEscape(user), "", &found)
		for _, each := range found.Identities { if each.AppId == appID { return map[string]string{"openid": each.Openid} } }
		return map[string]any{"openid": nil}
	}))
	panic(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
