using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Tests.Records;

public sealed class SweepServiceTests
{
    [Fact]
    [Trait("Row", "R9")]
    public async Task A_sweep_that_fails_is_told_and_keeps_no_other_from_its_work()
    {
        var swept = new List<string>();
        await using var services = new ServiceCollection().AddLogging().AddSharing(_ => { })
            .AddSingleton<ISweep>(new Sweep(() => throw new InvalidOperationException("the first")))
            .AddSingleton<ISweep>(new Sweep(() => swept.Add("the second"))).BuildServiceProvider();
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => services.GetRequiredService<SweepService>().SweepOnceAsync());
        Assert.Equal("the first", failure.Message);
        Assert.Equal(["the second"], swept);
    }

    [Fact]
    public async Task A_host_without_background_work_has_none()
    {
        await using var without = new ServiceCollection().AddLogging().AddSharing(sharing => sharing.AddOffline().WithBackgroundWork(false)).BuildServiceProvider();
        Assert.DoesNotContain(without.GetServices<IHostedService>(), service => service is BackgroundService);
        await using var with = new ServiceCollection().AddLogging().AddSharing(sharing => sharing.AddOffline()).BuildServiceProvider();
        Assert.Equal(4, with.GetServices<IHostedService>().Count(service => service is BackgroundService));
    }

    public static TheoryData<string> Wrong => new("interval", "long", "grace", "partial", "share", "at least");

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Options_that_would_stop_it_stop_the_host_at_its_start(string wrong)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSharing(sharing => sharing.WithSweep(sweep => _ = wrong switch
        {
            "interval" => sweep.Interval = TimeSpan.Zero,
            "long" => sweep.Interval = TimeSpan.FromDays(50),
            "grace" => sweep.Grace = TimeSpan.FromTicks(-1),
            "partial" => sweep.PartialAge = TimeSpan.FromTicks(-1),
            "share" => TimeSpan.FromTicks((long)(sweep.Share = 0)),
            _ => TimeSpan.FromTicks(sweep.AtLeast = -1),
        }));
        using var host = builder.Build();
        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
    }

    sealed class Sweep(Action act) : ISweep
    {
        public Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken = default)
        {
            act();
            return Task.CompletedTask;
        }
    }
}
