using System.Net;
using Microsoft.AspNetCore.Http;
using Sharing.Core;

namespace Sharing.Tests.Fetching;

public sealed class RedirectTests
{
    // /n/… leads to /n-1/… and so on, and /0/… to what the query names.
    static Task<LoopbackServer> ChainAsync() => LoopbackServer.StartAsync(c =>
    {
        var left = int.Parse(c.Request.Path.Value![1..], System.Globalization.CultureInfo.InvariantCulture);
        c.Response.StatusCode = 302;
        c.Response.Headers.Location = left > 0 ? $"/{left - 1}{c.Request.QueryString}" : c.Request.Query["to"].ToString();
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [Trait("Row", "S3")]
    public async Task A_redirect_to_a_private_address_is_refused_at_every_hop(int before)
    {
        await using var chain = await ChainAsync();
        await using var inside = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        await using var bench = new Bench(options => options.StrangerPorts = [80, inside.Port]);
        bench.Publish("public.test", "93.184.216.34", chain.Port);

        var refusal = await bench.RefusesAsync($"http://public.test/{before}?to={Uri.EscapeDataString(inside.Address)}");

        Assert.Contains("127.0.0.1", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before + 1, chain.Requests.Count);
        Assert.Empty(inside.Requests);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://public.test/")]
    [InlineData("gopher://public.test/")]
    [InlineData("data:text/plain,x")]
    [InlineData("http://user:pass@public.test/")]
    [InlineData("http://[::1/")]
    [InlineData("http://2130706433/")]
    [InlineData("//127.0.0.1/")]
    [Trait("Row", "S3")]
    public async Task A_redirect_to_an_odd_address_is_refused(string to)
    {
        await using var chain = await ChainAsync();
        await using var bench = new Bench();
        bench.Publish("public.test", "93.184.216.34", chain.Port);

        await bench.RefusesAsync($"http://public.test/0?to={Uri.EscapeDataString(to)}");

        Assert.Single(chain.Requests);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    [Trait("Row", "S3")]
    public async Task Five_redirects_are_followed_and_six_are_not(int redirects, bool arrives)
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            var left = int.Parse(c.Request.Path.Value![1..], System.Globalization.CultureInfo.InvariantCulture);
            if (left > 0)
            {
                c.Response.Redirect($"/{left - 1}");
            }

            return Task.CompletedTask;
        });
        await using var bench = new Bench();
        bench.Publish("public.test", "93.184.216.34", server.Port);

        if (arrives)
        {
            using var response = await bench.GetAsync($"http://public.test/{redirects}");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("http://public.test/0", response.RequestMessage!.RequestUri!.ToString());
        }
        else
        {
            await bench.RefusesAsync($"http://public.test/{redirects}");
        }

        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    [Trait("Row", "S3")]
    public async Task A_stranger_does_not_lend_the_privileges_of_a_configured_authority()
    {
        await using var inside = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        await using var chain = await ChainAsync();
        await using var bench = new Bench(options =>
        {
            options.Configured.Add($"127.0.0.1:{inside.Port}");
            options.Configured.Add("nas.test");
            options.StrangerPorts = [80, inside.Port];
        });
        bench.Publish("public.test", "93.184.216.34", chain.Port);
        bench.Names["nas.test"] = () => [IPAddress.Loopback];

        // The connection that the owner's own fetch left open is no way in either.
        using var own = await bench.GetAsync(inside.Address);
        await bench.RefusesAsync($"http://public.test/0?to={Uri.EscapeDataString(inside.Address)}");
        await bench.RefusesAsync($"http://public.test/0?to=http://nas.test:{inside.Port}/");

        Assert.Single(inside.Requests);
    }

    [Fact]
    [Trait("Row", "S3")]
    public async Task A_stranger_may_point_at_a_configured_authority_that_is_public_and_a_configured_one_at_another()
    {
        await using var own = await LoopbackServer.StartAsync(c => c.Response.WriteAsync("own"));
        await using var chain = await ChainAsync();
        await using var bench = new Bench(options =>
        {
            options.Configured.Add("own.test");
            options.Configured.Add("127.0.0.1");
        });
        bench.Publish("public.test", "93.184.216.34", chain.Port);
        bench.Publish("own.test", "93.184.216.35", own.Port);

        Assert.Equal("own", await bench.Client.GetStringAsync(new Uri("http://public.test/0?to=http://own.test/")));
        Assert.Equal("own", await bench.Client.GetStringAsync(new Uri($"{chain.Address}/0?to={Uri.EscapeDataString(own.Address)}")));
    }

    [Fact]
    [Trait("Row", "S3")]
    public async Task A_strangers_redirect_to_a_configured_name_is_connected_to_where_it_was_checked()
    {
        await using var chain = await LoopbackServer.StartAsync(c =>
        {
            c.Response.Redirect(c.Request.Query["to"]!);
            return Task.CompletedTask;
        });
        await using var inside = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        await using var bench = new Bench(options => options.Configured.Add("own.test"));
        bench.Publish("public.test", "93.184.216.34", chain.Port);
        bench.Internet["93.184.216.35"] = ConnectionTests.ClosedPort();
        bench.Internet["10.0.0.7"] = inside.Port;
        var answers = new Queue<string>(["93.184.216.35", "10.0.0.7"]);
        bench.Names["own.test"] = () => [IPAddress.Parse(answers.Dequeue())];

        await bench.FailsAsync("http://public.test/0?to=http://own.test/");

        Assert.Empty(inside.Requests);
        Assert.Equal(["93.184.216.34", "93.184.216.35"], bench.Dialled.Select(d => d.Address.ToString()));
    }

    [Fact]
    [Trait("Row", "S3")]
    public async Task A_strangers_redirect_does_not_ride_on_a_connection_that_a_configured_name_was_trusted_with()
    {
        await using var chain = await LoopbackServer.StartAsync(c =>
        {
            c.Response.Redirect(c.Request.Query["to"]!);
            return Task.CompletedTask;
        });
        await using var inside = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        await using var bench = new Bench(options => options.Configured.Add("own.test"));
        bench.Publish("public.test", "93.184.216.34", chain.Port);
        bench.Publish("own.test", "10.0.0.7", inside.Port);
        await bench.Client.GetStringAsync(new Uri("http://own.test/"));
        bench.Publish("own.test", "93.184.216.35", ConnectionTests.ClosedPort()); // as it says now and then; the connection is still open

        await bench.FailsAsync("http://public.test/0?to=http://own.test/");

        Assert.Single(inside.Requests);
    }

    [Fact]
    [Trait("Row", "S5")]
    public async Task Credentials_stay_with_the_authority_they_were_meant_for()
    {
        await using var second = await LoopbackServer.StartAsync(c =>
        {
            if (c.Request.Path == "/back")
            {
                c.Response.Redirect("http://first.test/end");
            }

            return Task.CompletedTask;
        });
        await using var first = await LoopbackServer.StartAsync(c =>
        {
            if (c.Request.Path != "/end")
            {
                c.Response.Redirect(c.Request.Path == "/start" ? "/same" : "http://second.test/back");
            }

            return Task.CompletedTask;
        });
        await using var bench = new Bench();
        bench.Publish("first.test", "93.184.216.34", first.Port);
        bench.Publish("second.test", "93.184.216.35", second.Port);
        string[] secrets = ["Authorization", "Cookie", "Proxy-Authorization", "X-Api-Key", "X-Amz-Security-Token", "Referer"];
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://first.test/start");
        foreach (var name in secrets)
        {
            request.Headers.TryAddWithoutValidation(name, "https://secret/");
        }

        request.Headers.Range = new(5, 9);
        request.Headers.UserAgent.ParseAdd("sharing/1.0 (test)");

        using var response = await bench.Client.SendAsync(request);

        Assert.Equal(["/start", "/same", "/end"], first.Requests.Select(r => r.Path));
        var hops = first.Requests.Take(2).Append(Assert.Single(second.Requests)).Append(first.Requests.Last()).ToList();
        Assert.All(hops, h => Assert.Equal("bytes=5-9", h.Headers["Range"]));
        Assert.All(hops, h => Assert.Equal("sharing/1.0 (test)", h.Headers["User-Agent"]));
        foreach (var name in secrets)
        {
            Assert.Equal([true, true, false, false], hops.Select(h => h.Headers.ContainsKey(name)));
        }
    }

    [Theory]
    [InlineData("http://public.test/", "https://public.test/", true, false)]
    [InlineData("https://public.test/", "http://public.test/", false, false)]
    [InlineData("https://public.test/", "https://public.test:8443/", true, false)]
    [InlineData("https://public.test/", "https://PUBLIC.test:443/x", true, true)]
    [Trait("Row", "S3")]
    public async Task Https_does_not_fall_back_to_http(string from, string to, bool follows, bool keepsCredentials)
    {
        var hops = new List<HttpRequestMessage>();
        var options = new FetchOptions();
        using var client = Invoke(options, request =>
        {
            hops.Add(request);
            var response = new HttpResponseMessage(hops.Count == 1 ? HttpStatusCode.Found : HttpStatusCode.OK);
            response.Headers.Location = new Uri(to);
            return response;
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, from);
        request.Headers.Authorization = new("Bearer", "secret");

        if (follows)
        {
            using var response = await client.SendAsync(request, CancellationToken.None);
            Assert.Equal(keepsCredentials, hops[1].Headers.Authorization is not null);
        }
        else
        {
            await Assert.ThrowsAsync<FetchRefusedException>(() => client.SendAsync(request, CancellationToken.None));
            Assert.Single(hops);
        }
    }

    [Theory]
    [InlineData("GET", 301, "GET")]
    [InlineData("HEAD", 302, "HEAD")]
    [InlineData("HEAD", 303, "HEAD")]
    [InlineData("POST", 301, "GET")]
    [InlineData("POST", 302, "GET")]
    [InlineData("POST", 303, "GET")]
    [InlineData("PUT", 303, "GET")]
    [InlineData("PUT", 301, null)]
    [InlineData("DELETE", 302, null)]
    [InlineData("GET", 307, "GET")]
    [InlineData("HEAD", 308, "HEAD")]
    [InlineData("POST", 307, null)]
    [InlineData("POST", 308, null)]
    [InlineData("GET", 300, null)]
    [InlineData("GET", 304, null)]
    [InlineData("GET", 305, null)]
    public async Task Methods_change_as_the_standard_says(string method, int status, string? then)
    {
        var hops = new List<HttpRequestMessage>();
        using var client = Invoke(new FetchOptions(), request =>
        {
            hops.Add(request);
            var response = new HttpResponseMessage(hops.Count == 1 ? (HttpStatusCode)status : HttpStatusCode.OK);
            response.Headers.Location = new Uri("/next", UriKind.Relative);
            return response;
        });
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://public.test/");
        request.Content = method is "POST" or "PUT" ? new StringContent("body") : null;

        using var response = await client.SendAsync(request, CancellationToken.None);

        Assert.Equal(then is null ? status : 200, (int)response.StatusCode);
        Assert.Equal(then, hops.Skip(1).SingleOrDefault()?.Method.Method);
        Assert.Null(hops.Skip(1).SingleOrDefault()?.Content);
    }

    static HttpMessageInvoker Invoke(FetchOptions options, Func<HttpRequestMessage, HttpResponseMessage> answer) =>
        new(new RedirectingHandler(options, new AddressPolicy(options)) { InnerHandler = new Stub(answer) });

    sealed class Stub(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request));
    }
}
