using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.Server;
using Sharing.Tests.Content;

namespace Sharing.Tests.Limiting;

[Trait("Row", "C3")]
public sealed class LimitSettingsTests
{
    [Fact(Timeout = 60_000)]
    public async Task An_operator_sets_limits_and_those_of_tiers_in_the_servers_settings()
    {
        using var folder = new TemporaryFolder();
        await using var app = ServerHost.Build(["--urls=http://127.0.0.1:0", $"--Sharing:Data={folder.Path}", "--Sharing:Limits:PostsPerDay=5", "--Sharing:Limits:Tiers:member:PostsPerDay=7", "--Sharing:Limits:Tiers:member:BytesPerPerson=1000"]);
        var limits = app.Services.GetRequiredService<IOptions<LimitOptions>>().Value;
        Assert.Equal((5, 100, 7, 1000), (limits.PostsPerDay, limits.MailsToStrangersPerDay, limits.Tiers["Member"].PostsPerDay, limits.Tiers["member"].BytesPerPerson));
        Assert.Throws<OptionsValidationException>(() => new ServiceCollection().AddLogging().AddSharing(static sharing => sharing.WithLimits(static limits => limits.CommentsPerDay = -1))
            .BuildServiceProvider().GetRequiredService<IOptions<LimitOptions>>().Value);
    }
}
