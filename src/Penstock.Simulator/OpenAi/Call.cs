using System.Text.Json;
using System.Text.Unicode;

namespace Penstock.Simulator.OpenAi;

/// <summary>One request on its way through the strict checks.</summary>
internal sealed class Call(ReceivedRequest request, SimulatorOptions options, string path)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 256 };
    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = 256 };

    public ReceivedRequest Request { get; } = request;

    public SimulatorOptions Options { get; } = options;

    public ProviderProfile Profile => Options.Profile;

    /// <summary>The path below the profile's base: <c>/chat/completions</c>.</summary>
    public string Path { get; } = path;

    /// <summary>The deployment in an Azure path; it takes the place of the model.</summary>
    public string? Deployment { get; init; }

    /// <exception cref="RefusedException">The body is not one JSON object sent as JSON.</exception>
    public JsonElement ReadObject()
    {
        var type = Request.Headers["Content-Type"]?.Split(';', 2)[0].Trim();
        if (!string.Equals(type, "application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw new RefusedException(400, $"Unsupported content type: '{type}'. This API method only accepts 'application/json' requests.", code: "unsupported_content_type");
        }

        var body = Parse();
        if (body.ValueKind != JsonValueKind.Object) throw new RefusedException(400, "The JSON body of your request must be an object.");
        return body;
    }

    /// <exception cref="RefusedException">No model is named, or there is none of that name.</exception>
    public string Model(JsonElement body)
    {
        if (Deployment is not null) return Known(Deployment);
        if (body.Find("model") is not { } member) throw new RefusedException(400, "you must provide a model parameter", "model");
        if (member.ValueKind != JsonValueKind.String) throw new RefusedException(400, $"Invalid type for 'model': expected a string, but got {Parameter.Describe(member)} instead.", "model", "invalid_type");
        var model = member.AnyText();
        return model.Length == 0 ? throw new RefusedException(400, "you must provide a model parameter", "model") : Known(model);
    }

    public RefusedException WrongMethod() => new(405, $"Not allowed to {Request.Method} on {Request.Path}.", code: "method_not_supported");

    /// <exception cref="RefusedException">Status 404: there is no such model.</exception>
    public string Known(string model)
    {
        if (Options.Models is null ? !model.StartsWith("missing-", StringComparison.Ordinal) : Options.Models.Contains(model) || ModelFaults.Knows(model)) return model;
        throw new RefusedException(404, $"The model '{model}' does not exist or you do not have access to it.", "model", "model_not_found");
    }

    private JsonElement Parse()
    {
        if (!Utf8.IsValid(Request.Body.Span)) throw new RefusedException(400, "The body of your request is not valid UTF-8.");
        try
        {
            JsonDocument.Parse(Request.Body, Lenient).Dispose();
        }
        catch (JsonException)
        {
            throw new RefusedException(400, "We could not parse the JSON body of your request: it is not valid JSON.");
        }

        try
        {
            using var document = JsonDocument.Parse(Request.Body, Strict);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new RefusedException(400, "The JSON body of your request holds the same key twice.", code: "duplicate_key");
        }
    }
}
