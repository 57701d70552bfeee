using System.Net;

namespace Penstock.Simulator.Tests;

public sealed class HostTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prints_its_base_url_and_serves_until_it_is_stopped()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await using var output = new FirstLine();
        var running = SimulatorHost.RunAsync(["--port", "0", "--key", "k", "--profile", "groq"], output, stopping.Token);
        var url = await output.Line.WaitAsync(Stop);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Get, url + "/models");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer k");

        using var response = await http.SendAsync(request, Stop);

        Assert.EndsWith("/openai/v1", url, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await stopping.CancelAsync();
        Assert.Equal(0, await running);
    }

    [Theory]
    [InlineData("Unknown argument '--prot'.", "--prot")]
    [InlineData("The argument '--port' needs a value.", "--port")]
    [InlineData("'70000' is not a port", "--port", "70000")]
    [InlineData("Unknown profile 'groqq'. There are: openai, ", "--profile", "groqq")]
    public async Task Names_what_is_wrong_with_its_arguments(string expected, params string[] args)
    {
        await using var output = new StringWriter();

        Assert.Equal(2, await SimulatorHost.RunAsync(args, output, Stop));
        Assert.StartsWith(expected, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_its_arguments()
    {
        var options = SimulatorHost.Parse(["--canned", "--no-key", "--any-host", "--port", "4711"]);

        Assert.Equal((4711, null, true, false), (options.Port, options.ApiKey, options.AcceptsAnyHost, options.RecordRequests));
        Assert.Equal(CannedAnswers.Standard, options.Canned);
    }

    private sealed class FirstLine : StringWriter
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => _line.Task;

        public override Task WriteLineAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
        {
            _line.TrySetResult(buffer.ToString());
            return Task.CompletedTask;
        }
    }
}
