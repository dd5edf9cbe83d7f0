using System.Net;

namespace Sharing.Tests.Fetching;

[CollectionDefinition(nameof(ProxyTests), DisableParallelization = true)]
[Collection(nameof(ProxyTests))]
public sealed class ProxyTests
{
    [Fact]
    [Trait("Row", "S4")]
    public async Task A_proxy_in_the_environment_is_ignored()
    {
        await using var proxy = await LoopbackServer.StartAsync(_ => Task.CompletedTask);

        // Were it used, the connection to it would be admitted, and what it fetches would pass unchecked.
        await using var bench = new Bench(options => options.Configured.Add($"127.0.0.1:{proxy.Port}"));
        var before = HttpClient.DefaultProxy;
        Environment.SetEnvironmentVariable("HTTP_PROXY", proxy.Address);

        // The runtime reads the environment once; this is where it keeps what it read.
        HttpClient.DefaultProxy = new WebProxy(proxy.Address);
        try
        {
            using (var plain = new HttpClient())
            {
                using var answer = await plain.GetAsync(new Uri("http://control.test/"));
                Assert.Single(proxy.Requests);
            }

            await bench.RefusesAsync("http://10.0.0.1/");
            Assert.Single(proxy.Requests);
        }
        finally
        {
            HttpClient.DefaultProxy = before;
            Environment.SetEnvironmentVariable("HTTP_PROXY", null);
        }
    }
}
