namespace Penstock.Simulator.OpenAi;

/// <summary>What the simulator answers of its own accord: the checks of the real provider, then a deterministic answer.</summary>
internal sealed class StrictProvider(SimulatorOptions options, int port, Action<string> violated)
{
    private readonly ModelFaults _faults = new();

    public HttpReply Answer(ReceivedRequest request)
    {
        HttpReply reply;
        try
        {
            HeaderRules.Check(request.Headers, options, port);
            KeyRule.Check(request, options);
            reply = Endpoint(request);
        }
        catch (RefusedException refused)
        {
            if (refused.Code is "leaked_header" or "repeated_header") violated(refused.Message);
            reply = Reply.Json(ErrorBodies.OpenAi(refused.Message, refused.Type, refused.Param, refused.Code), refused.Status);
        }

        return StandardHeaders.Add(reply, request);
    }

    private HttpReply Endpoint(ReceivedRequest request)
    {
        if (!request.Path.StartsWith(options.Profile.BasePath + "/", StringComparison.Ordinal)) throw Unknown(request);
        var call = new Call(request, options, request.Path[options.Profile.BasePath.Length..]);
        if (call.Path != "/chat/completions") throw Unknown(request);
        if (request.Method != "POST") throw new RefusedException(405, $"Not allowed to {request.Method} on {request.Path}.", code: "method_not_supported");
        return _faults.Apply(request, ChatEndpoint.Answer(call));
    }

    private static RefusedException Unknown(ReceivedRequest request) =>
        new(404, $"Invalid URL ({request.Method} {request.Path})", code: "unknown_url");
}
