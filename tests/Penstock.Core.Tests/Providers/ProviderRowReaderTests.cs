using System.Text;
using Penstock.Providers;

namespace Penstock.Core.Tests.Providers;

public sealed class ProviderRowReaderTests
{
    [Fact]
    public void A_base_url_is_all_that_a_custom_provider_needs()
    {
        var row = Rows.Read("acme", """{ "base_url": "http://localhost:9000/v1" }""");

        Assert.Equal("acme", row.Id);
        Assert.Equal("acme", row.Name);
        Assert.True(row.IsCustom);
        Assert.Equal([new AuthRule(AuthKind.Bearer, "Bearer", Optional: true)], row.Auth);
        Assert.Equal(Quirks.None, row.QuirksOf(Operation.Chat));
        Assert.Empty(row.EnvironmentKeys);
        Assert.True(row.Addresses[Operation.Rerank].IsOffered);
        Assert.True(UpstreamAddress.TryBuild(row, Operation.Chat, "/v1/chat/completions", new Dictionary<string, string>(), "m", null, out var address, out _));
        Assert.Equal("http://localhost:9000/v1/chat/completions", address);
    }

    [Fact]
    public void Everything_that_a_row_can_say_is_read()
    {
        var row = Rows.Read("acme.eu_2", """
            {
              "name": "Acme", // comments are welcome
              "other_names": ["acme-eu"],
              "base_url": "https://{region}.acme.example/api/",
              "path_prefix": "/v1/",
              "proxy_base_url": "https://acme.example",
              "query": "tenant={tenant}",
              "auth": [
                { "kind": "header", "name": "x-token", "key_option": "token", "when": "token" },
                { "kind": "query", "name": "key", "when": "mode=query" },
                { "scheme": "Token", "optional": true },
              ],
              "environment_keys": ["ACME_KEY"],
              "options": {
                "region": { "default": "eu" },
                "tenant": { "headers": ["x-tenant"], "aliases": ["acme_tenant"] },
                "token": {},
                "mode": { "headers": [] },
                "upstream": { "url": true },
              },
              "headers": { "X-Client": "penstock/{tenant}", "X-Fixed": "1" },
              "offers": ["chat", "embedding"],
              "operations": {
                "chat": "/chat/{model}?v=1",
                "embedding": { "path": "/e/{+model}", "base_url": "{upstream}", "quirks": { "remove": ["user"] }, "auth": "none" },
              },
              "quirks": {
                "rename": { "a": "b" }, "remove": ["c"], "default": { "d": [1, {"e": null}] },
                "values": { "f": { "g": "h", "i": "j" } }, "roles": { "k": "l" }, "model_prefix": "m.", "model": "{tenant}"
              },
              "variants": [{ "when": "mode=old", "set": { "base_url": "https://old.acme.example", "quirks": null } }],
              "models": ["acme-1"],
              "retired": "gone"
            }
            """);

        Assert.Equal("Acme", row.Name);
        Assert.Equal(["acme-eu"], row.OtherNames);
        Assert.Equal("https://{region}.acme.example/api", row.BaseUrl!.Text);
        Assert.Equal("/v1", row.PathPrefix);
        Assert.Equal("https://acme.example", row.ProxyBaseUrl!.Text);
        Assert.Equal("tenant={tenant}", row.Query!.Text);
        Assert.Equal(
            [new(AuthKind.Header, "x-token", "token", "token"), new(AuthKind.Query, "key", null, "mode=query"), new(AuthKind.Bearer, "Token", Optional: true)],
            row.Auth);
        Assert.Equal(["ACME_KEY"], row.EnvironmentKeys);
        Assert.Equal("eu", row.Options["region"].Default);
        Assert.Equal(["x-portkey-region"], row.Options["region"].Headers);
        Assert.Equal(["x-tenant"], row.Options["tenant"].Headers);
        Assert.Equal(["acme_tenant"], row.Options["tenant"].Aliases);
        Assert.Empty(row.Options["mode"].Headers);
        Assert.Equal(["upstream"], row.UrlOptions);
        Assert.Equal(["X-Client", "X-Fixed"], row.Headers.Select(header => header.Name));
        Assert.False(row.Addresses[Operation.Image].IsOffered);
        Assert.True(row.Addresses[Operation.Models].IsOffered);
        Assert.Equal("/chat/{model}?v=1", row.Operations[Operation.Chat].Path!.Text);
        Assert.Equal(["user"], row.QuirksOf(Operation.Embedding).Remove);
        Assert.Equal(AuthKind.None, Assert.Single(row.AuthFor(Operation.Embedding)).Kind);

        var quirks = row.QuirksOf(Operation.Chat);
        Assert.Equal([("a", "b")], quirks.Rename);
        Assert.Equal(["c"], quirks.Remove);
        var (name, json) = Assert.Single(quirks.Default);
        Assert.Equal("d", name);
        Assert.Equal("""[1,{"e":null}]""", Encoding.UTF8.GetString(json));
        Assert.Equal([("f", "g", "h"), ("f", "i", "j")], quirks.Values);
        Assert.Equal([("k", "l")], quirks.Roles);
        Assert.Equal("m.", quirks.ModelPrefix);
        Assert.Equal("{tenant}", quirks.Model!.Text);

        var variant = row.For(new Dictionary<string, string> { ["mode"] = "old" });
        Assert.Equal("https://old.acme.example", variant.BaseUrl!.Text);
        Assert.Same(Quirks.None, variant.QuirksOf(Operation.Chat));
        Assert.Equal("Acme", variant.Name);
        Assert.Same(row, row.For(new Dictionary<string, string> { ["mode"] = "new" }));
        Assert.Equal(["acme-1"], row.Models);
        Assert.Equal("gone", row.Retired);
    }

    [Theory]
    [InlineData("""{"base_url":"http://h","base_ulr":1}""", "base_ulr: Unknown member 'base_ulr'. Did you mean 'base_url'?")]
    [InlineData("""{"base_url":"http://h","baseUrl":"x"}""", "baseUrl: Unknown member 'baseUrl'. Did you mean 'base_url'?")]
    [InlineData("""{}""", "base_url: A provider needs a 'base_url', such as 'https://api.example.com/v1'.")]
    [InlineData("""{"base_url":7}""", "base_url: A text that is not empty was expected here.")]
    [InlineData("""{"base_url":""}""", "base_url: A text that is not empty was expected here.")]
    [InlineData("""{"base_url":"localhost:9000/v1"}""", "base_url: An absolute http or https URL without a query was expected here, such as 'https://api.example.com/v1'.")]
    [InlineData("""{"base_url":"/"}""", "base_url: An absolute http or https URL without a query was expected here, such as 'https://api.example.com/v1'.")]
    [InlineData("""{"base_url":"ftp://h/v1"}""", "base_url: An absolute http or https URL without a query was expected here, such as 'https://api.example.com/v1'.")]
    [InlineData("""{"base_url":"http://"}""", "base_url: An absolute http or https URL without a query was expected here, such as 'https://api.example.com/v1'.")]
    [InlineData("""{"base_url":"http://h/v1?a=b"}""", "base_url: An absolute http or https URL without a query was expected here, such as 'https://api.example.com/v1'.")]
    [InlineData("""{"base_url":"http://key@h/v1"}""", "base_url: An absolute http or https URL without a query was expected here, such as 'https://api.example.com/v1'.")]
    [InlineData("""{"base_url":"http://{x}.h"}""", "base_url: There is no option 'x': declare it in 'options'.")]
    [InlineData("""{"base_url":"http://{tenent}.h","options":{"tenant":{}}}""", "base_url: There is no option 'tenent'. Did you mean 'tenant'?")]
    [InlineData("""{"base_url":"http://{x","options":{"x":{}}}""", "base_url: The text has a brace without its partner: a placeholder is {name}.")]
    [InlineData("""{"base_url":"http://{}.h"}""", "base_url: What stands between the braces is no placeholder: {name}, {a|b} or {+model} was expected, names in snake_case.")]
    [InlineData("""{"base_url":"http://{X}.h"}""", "base_url: What stands between the braces is no placeholder: {name}, {a|b} or {+model} was expected, names in snake_case.")]
    [InlineData("""{"base_url":"http://{model}.h"}""", "base_url: There is no option 'model': declare it in 'options'.")]
    [InlineData("""{"base_url":"http://{x}","options":{"x":{}}}""", "base_url: The host must end in fixed text: otherwise an option could send requests, and their keys, anywhere.")]
    [InlineData("""{"base_url":"http://h.{x}/v1","options":{"x":{}}}""", "base_url: The host must end in fixed text: otherwise an option could send requests, and their keys, anywhere.")]
    [InlineData("""{"base_url":"{x}","options":{"x":{}}}""", "base_url: The option 'x' stands for a whole URL here: declare it with \"url\": true.")]
    [InlineData("""{"base_url":"http://h","path_prefix":"v1"}""", "path_prefix: A path that begins with '/' and has no '.' or '..' segments was expected here, such as '/v1/chat/completions'.")]
    [InlineData("""{"base_url":"http://h","path_prefix":"/v1?a=b"}""", "path_prefix: A prefix has no query.")]
    [InlineData("""{"base_url":"http://h","query":"api-version"}""", "query: Parameters were expected here, such as 'api-version={api_version}'.")]
    [InlineData("""{"base_url":"http://h","auth":"basic"}""", "auth: 'bearer', 'none' or an object was expected here, such as {\"kind\": \"header\", \"name\": \"x-api-key\"}.")]
    [InlineData("""{"base_url":"http://h","auth":3}""", "auth: An object was expected here.")]
    [InlineData("""{"base_url":"http://h","auth":{"kind":"hedaer"}}""", "auth,kind: There is no kind 'hedaer'. The known ones are bearer, header, query, none, unsupported.")]
    [InlineData("""{"base_url":"http://h","auth":[{"kind":"header"}]}""", "auth,0,name: A key in a header needs the header's 'name'.")]
    [InlineData("""{"base_url":"http://h","auth":{"name":"x"}}""", "auth,name: 'name' belongs to the kinds 'header' and 'query', not to 'bearer'. Take it out.")]
    [InlineData("""{"base_url":"http://h","auth":{"when":"mode=x"}}""", "auth,when: There is no option 'mode': declare it in 'options'.")]
    [InlineData("""{"base_url":"http://h","auth":{"key_option":"token"}}""", "auth,key_option: There is no option 'token': declare it in 'options'.")]
    [InlineData("""{"base_url":"http://h","auth":{"optional":"yes"}}""", "auth,optional: true or false was expected here.")]
    [InlineData("""{"base_url":"http://h","environment_keys":"ACME_KEY"}""", "environment_keys: A list of texts was expected here.")]
    [InlineData("""{"base_url":"http://h","environment_keys":["sk-123"]}""", "environment_keys: '…' is no name of an environment variable, such as ACME_API_KEY. The key itself does not belong here.")]
    [InlineData("""{"base_url":"http://h","models":["a",1]}""", "models,1: A text that is not empty was expected here.")]
    [InlineData("""{"base_url":"http://h","options":[]}""", "options: An object was expected here.")]
    [InlineData("""{"base_url":"http://h","options":{"a":"x"}}""", "options,a: An object was expected here.")]
    [InlineData("""{"base_url":"http://h","options":{"aB":{}}}""", "options,aB: An option's name is snake_case, and not 'model'.")]
    [InlineData("""{"base_url":"http://h","options":{"model":{}}}""", "options,model: An option's name is snake_case, and not 'model'.")]
    [InlineData("""{"base_url":"http://h","options":{"a":{"header":"x"}}}""", "options,a,header: Unknown member 'header'. Did you mean 'headers'?")]
    [InlineData("""{"base_url":"http://h","options":{"a":{"headers":["X-A"]}}}""", "options,a,headers: Header names in lower case were expected here.")]
    [InlineData("""{"base_url":"http://h","headers":{"X":1}}""", "headers,X: A text that is not empty was expected here.")]
    [InlineData("""{"base_url":"http://h","headers":{"X Y":"1"}}""", "headers,X Y: 'X Y' is no name of a header: letters, digits, '-' and '_' were expected.")]
    [InlineData("""{"base_url":"http://h","headers":{"X":"a\r\nb"}}""", "headers,X: A header must hold no control characters.")]
    [InlineData("""{"base_url":"http://h","headers":{"authorization":"x"}}""", "headers,authorization: The header 'authorization' is not a row's to set. How the key travels is said in 'auth'.")]
    [InlineData("""{"base_url":"http://h","headers":{"X":"{model}"}}""", "headers,X: There is no option 'model': declare it in 'options'.")]
    [InlineData("""{"base_url":"http://h","offers":["caht"]}""", "offers: There is no operation 'caht'. Did you mean 'chat'?")]
    [InlineData("""{"base_url":"http://h","offers":[],"operations":{"chat":"/c"}}""", "offers: 'operations' describes 'chat', which is not in this list.")]
    [InlineData("""{"base_url":"http://h","operations":{"emedding":"/c"}}""", "operations,emedding: Unknown member 'emedding'. Did you mean 'embedding'?")]
    [InlineData("""{"base_url":"http://h","operations":{"proxy":"/c"}}""", "operations,proxy: Unknown member 'proxy'. The known ones are chat, completion, embedding, responses, messages, models, image, image_edit, image_variation, speech, transcription, translation, moderation, rerank, files, batches, fine_tuning, realtime.")]
    [InlineData("""{"base_url":"http://h","operations":{"chat":7}}""", "operations,chat: An object was expected here.")]
    [InlineData("""{"base_url":"http://h","operations":{"chat":"c"}}""", "operations,chat: A path that begins with '/' and has no '.' or '..' segments was expected here, such as '/v1/chat/completions'.")]
    [InlineData("""{"base_url":"http://h","operations":{"chat":"/a/../b"}}""", "operations,chat: A path that begins with '/' and has no '.' or '..' segments was expected here, such as '/v1/chat/completions'.")]
    [InlineData("""{"base_url":"http://h","operations":{"chat":"/a/{mdoel}"}}""", "operations,chat: There is no option 'mdoel'. Did you mean 'model'?")]
    [InlineData("""{"base_url":"http://h","operations":{"chat":{"path":"/a","quirks":{"renme":{}}}}}""", "operations,chat,quirks,renme: Unknown member 'renme'. Did you mean 'rename'?")]
    [InlineData("""{"base_url":"http://h","quirks":{"rename":{"a":1}}}""", "quirks,rename,a: A text that is not empty was expected here.")]
    [InlineData("""{"base_url":"http://h","quirks":{"rename":["a"]}}""", "quirks,rename: An object was expected here.")]
    [InlineData("""{"base_url":"http://h","quirks":{"values":{"a":{"b":1}}}}""", "quirks,values,a,b: A text that is not empty was expected here.")]
    [InlineData("""{"base_url":"http://h","quirks":{"model":"{x}"}}""", "quirks,model: There is no option 'x': declare it in 'options'.")]
    [InlineData("""{"base_url":"http://h","variants":{}}""", "variants: A list of objects was expected here.")]
    [InlineData("""{"base_url":"http://h","variants":[{"set":{}}]}""", "variants,0,when: A variant needs a 'when', such as 'api_version=v1'.")]
    [InlineData("""{"base_url":"http://h","options":{"a":{}},"variants":[{"when":"a"}]}""", "variants,0,set: A variant needs a 'set' with the members that differ.")]
    [InlineData("""{"base_url":"http://h","variants":[{"when":"a","set":{}}]}""", "variants,0,when: There is no option 'a': declare it in 'options'.")]
    [InlineData("""{"base_url":"http://h","options":{"a":{}},"variants":[{"when":"a","set":{"name":"x"}}]}""", "variants,0,set,name: Unknown member 'name'. The known ones are base_url, path_prefix, proxy_base_url, query, auth, headers, operations, offers, quirks.")]
    [InlineData("""{"base_url":"http://h","options":{"a":{}},"variants":[{"when":"a","set":{"base_url":"h"}}]}""", "variants,0,set,base_url: An absolute http or https URL without a query was expected here, such as 'https://api.example.com/v1'.")]
    [InlineData("""{"base_url":"http://h","options":{"a":{}},"variants":[{"when":"a","set":{"operations":{"chat":"x"}}}]}""", "variants,0,set,operations,chat: A path that begins with '/' and has no '.' or '..' segments was expected here, such as '/v1/chat/completions'.")]
    public void A_fault_says_where_and_what(string json, string fault) =>
        Assert.Equal(["providers,acme," + fault], Rows.Faults("acme", json));

    [Theory]
    [InlineData("[]")]
    [InlineData("\"http://h\"")]
    public void A_row_is_an_object(string json) => Assert.Equal(["providers,acme: An object was expected here."], Rows.Faults("acme", json));

    [Theory]
    [InlineData("Acme")]
    [InlineData("-acme")]
    [InlineData("ac/me")]
    [InlineData("@acme")]
    [InlineData("ac me")]
    public void An_id_is_plain(string id) =>
        Assert.Equal(
            [$"providers,{id}: '{id}' is no provider id: lower-case letters, digits, '-', '.' and '_' were expected, a letter or digit first."],
            Rows.Faults(id, """{"base_url":"http://h"}"""));

    [Fact]
    public void All_faults_are_found_at_once() =>
        Assert.Equal(
            [
                "providers,Acme: 'Acme' is no provider id: lower-case letters, digits, '-', '.' and '_' were expected, a letter or digit first.",
                "providers,Acme,nmae: Unknown member 'nmae'. Did you mean 'name'?",
                "providers,Acme,base_url: An absolute http or https URL without a query was expected here, such as 'https://api.example.com/v1'.",
                "providers,Acme,auth,name: A key in a header needs the header's 'name'.",
                "providers,Acme,variants,0,set,quirks,remove: A list of texts was expected here.",
            ],
            Rows.Faults("Acme", """
                {
                  "nmae": "x", "base_url": "h", "auth": { "kind": "header" }, "options": { "a": {} },
                  "variants": [{ "when": "a", "set": { "quirks": { "remove": "x" } } }]
                }
                """));

    [Fact]
    public void A_built_in_row_needs_no_address_but_a_key()
    {
        var faults = new Penstock.Json.JsonFaults();
        var row = ProviderRowReader.Read("x", Penstock.Json.JsonText.Parse("{}").Root, faults, "x", isCustom: false);

        Assert.Empty(faults.All);
        Assert.Null(row!.BaseUrl);
        Assert.Equal([new AuthRule(AuthKind.Bearer, "Bearer")], row.Auth);
    }
}
