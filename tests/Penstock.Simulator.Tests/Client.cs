using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Penstock.Simulator.Tests;

/// <summary>A plain client of the simulator, without a proxy, decompression or redirects.</summary>
internal sealed class Client(ProviderSimulator provider) : IDisposable
{
    public const string Hello = """{"model":"gpt-4o","messages":[{"role":"user","content":"hello there"}]}""";

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ResponseDrainTimeout = TimeSpan.Zero, // whoever drops a response hangs up at once
    });

    public static string Chat(string model, bool stream = false) =>
        $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"hello there"}]}""";

    public Task<HttpResponseMessage> PostAsync(string json, string path = "/chat/completions", CancellationToken? token = null) =>
        SendAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json")), token: token);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null, string? key = "sk-sim", CancellationToken? token = null)
    {
        using var request = new HttpRequestMessage(method, provider.BaseUrl + path) { Content = content };
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        return await _http.SendAsync(request, token ?? TestContext.Current.CancellationToken);
    }

    public async Task<JsonElement> PostForJsonAsync(string json, string path = "/chat/completions")
    {
        using var response = await PostAsync(json, path);
        return await JsonAsync(response);
    }

    public async Task<List<string>> PostForEventsAsync(string json, string path = "/chat/completions")
    {
        using var response = await PostAsync(json, path);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return Events(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public static List<string> Events(string stream) =>
        [.. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(static item => item.StartsWith("data: ", StringComparison.Ordinal) ? item[6..] : item)];

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return document.RootElement.Clone();
    }

    public void Dispose() => _http.Dispose();
}
