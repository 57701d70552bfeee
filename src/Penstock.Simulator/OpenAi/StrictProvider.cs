using System.Web;

namespace Penstock.Simulator.OpenAi;

/// <summary>What the simulator answers of its own accord: the checks of the real provider, then a deterministic answer.</summary>
internal sealed class StrictProvider(SimulatorOptions options)
{
    private readonly ModelFaults _faults = new();
    private readonly FileStore _files = new();

    /// <param name="fault">What is wrong with the headers, if anything.</param>
    public HttpReply Answer(ReceivedRequest request, RefusedException? fault)
    {
        HttpReply reply;
        try
        {
            if (fault is not null) throw fault;
            if (options.Profile.NeedsUserAgent && !request.Headers.Contains("User-Agent")) throw new RefusedException(403, "A User-Agent is required.", code: "missing_user_agent");
            KeyRule.Check(request, options);
            reply = Route(Locate(request));
        }
        catch (RefusedException refused)
        {
            reply = ProviderErrors.Write(refused, options.Profile);
        }

        return StandardHeaders.Add(reply, request);
    }

    /// <summary>Takes the provider's base, and an Azure deployment, off the path.</summary>
    private Call Locate(ReceivedRequest request)
    {
        var path = request.Path;
        if (!path.StartsWith(options.Profile.BasePath + "/", StringComparison.Ordinal)) throw Unknown(request);
        path = path[options.Profile.BasePath.Length..];
        if (!options.Profile.HasDeployments) return new Call(request, options, path);
        if (path.StartsWith("/v1/", StringComparison.Ordinal)) return new Call(request, options, path[3..]);
        if (HttpUtility.ParseQueryString(request.Query)["api-version"] is not { Length: > 0 }) throw new RefusedException(404, "Resource not found");
        var segments = path.Split('/', 4);
        if (segments is ["", "deployments", { Length: > 0 } deployment, var rest])
        {
            if (deployment.StartsWith("missing-", StringComparison.Ordinal)) throw new RefusedException(404, "The API deployment for this resource does not exist.", code: "DeploymentNotFound");
            return new Call(request, options, "/" + rest) { Deployment = Uri.UnescapeDataString(deployment) };
        }

        return new Call(request, options, path);
    }

    private HttpReply Route(Call call) => call.Path.Split('/')[1..] switch
    {
        ["chat", "completions"] => Post(call, ChatEndpoint.Answer),
        ["completions"] => Post(call, CompletionEndpoint.Answer),
        ["embeddings"] => Post(call, EmbeddingEndpoint.Answer),
        ["responses"] => Post(call, ResponseEndpoint.Answer),
        ["moderations"] => Post(call, ModerationEndpoint.Answer),
        ["images", "generations"] => Post(call, ImageEndpoint.Answer),
        ["audio", "speech"] => Post(call, SpeechEndpoint.Answer),
        ["audio", "transcriptions" or "translations"] => Post(call, TranscriptionEndpoint.Answer),
        ["models", .. var model] => Get(call, () => ModelEndpoint.Answer(call, string.Join('/', model))),
        ["files", .. var rest] => FileEndpoint.Answer(call, _files, rest),
        ["batches", .. var rest] => BatchEndpoint.Answer(call, _files, rest),
        ["echo", ..] => EchoEndpoint.Answer(call.Request),
        _ => throw Unknown(call.Request),
    };

    private HttpReply Post(Call call, Func<Call, HttpReply> answer)
    {
        if (call.Request.Method != "POST") throw call.WrongMethod();
        return _faults.Apply(call.Request, call.Deployment ?? call.Request.Model, answer(call));
    }

    private static HttpReply Get(Call call, Func<HttpReply> answer) => call.Request.Method is "GET" or "HEAD" ? answer() : throw call.WrongMethod();

    private static RefusedException Unknown(ReceivedRequest request) =>
        new(404, $"Invalid URL ({request.Method} {request.Path})", code: "unknown_url");
}
