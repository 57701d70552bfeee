namespace Penstock.Tests;

/// <summary>A settings file that changes under the running executable.</summary>
public sealed class ReloadTests
{
    private const string Origin = "https://app.example.org";
    private const string Closed = """{ "cors_origins": [] }""";
    private const string Open = $$"""{ "cors_origins": ["{{Origin}}"] }""";

    [Fact]
    public async Task A_file_that_takes_the_place_of_the_old_one_comes_into_force()
    {
        using var folder = new Scratch();
        folder.Replace(Closed);
        await using var penstock = await PenstockProcess.ServeAsync(folder);
        Assert.False(await IsOpenAsync(penstock));
        folder.Replace(Open);
        await PenstockProcess.UntilAsync(() => IsOpenAsync(penstock));
    }

    [Fact]
    public async Task A_mounted_file_behind_swapped_links_comes_into_force()
    {
        using var folder = new Scratch();
        folder.SwapMount(Closed, version: 1);
        await using var penstock = await PenstockProcess.ServeAsync(folder);
        Assert.False(await IsOpenAsync(penstock));
        folder.SwapMount(Open, version: 2);
        await PenstockProcess.UntilAsync(() => IsOpenAsync(penstock));
    }

    [Fact]
    public async Task A_broken_file_is_reported_and_the_last_good_one_stays()
    {
        using var folder = new Scratch();
        folder.Replace(Open);
        await using var penstock = await PenstockProcess.ServeAsync(folder);
        folder.Replace("{\n  \"cors_origins\": [1]\n}");
        await PenstockProcess.UntilAsync(() => Task.FromResult(penstock.Output.Contains("penstock.json:2:20: cors_origins,0: ", StringComparison.Ordinal)));
        Assert.True(await IsOpenAsync(penstock));
    }

    [Fact]
    public async Task A_file_that_was_not_there_at_first_comes_into_force()
    {
        using var folder = new Scratch();
        await using var penstock = await PenstockProcess.ServeAsync(folder);
        Assert.False(await IsOpenAsync(penstock));
        folder.Replace(Open);
        await PenstockProcess.UntilAsync(() => IsOpenAsync(penstock));
    }

    private static async Task<bool> IsOpenAsync(PenstockProcess penstock)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz");
        request.Headers.Add("Origin", Origin);
        using var response = await penstock.Client.SendAsync(request, Patience.Token);
        return response.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins) && origins.Single() == Origin;
    }
}
