namespace Penstock.Hosting;

/// <summary>What <c>--help</c> says after the list of options.</summary>
internal static class HelpText
{
    public static string Tail(string program) => $"""
        Examples:
          {program}                                  serve on http://localhost:8787
          {program} --port 9000                      serve on http://localhost:9000
          {program} --urls http://*:8787             serve on every address of this machine
          {program} --config /etc/penstock.json      with custom providers, saved configs and limits
          {program} --config new.json --validate     check a file before it goes into use

        Environment (the command line goes before it, and it before the settings file):
          ASPNETCORE_URLS        as --urls
          PORT                   as --port
          PENSTOCK_CONFIG        as --config
          TRUSTED_CUSTOM_HOSTS   hosts that callers may name as custom host, separated by commas
          OPENAI_API_KEY, GROQ_API_KEY and so on
                                 provider keys for requests from this machine that bring none; off as soon as Penstock
                                 listens on anything but loopback

        Docs and source: {Product.Source}
        """;
}
