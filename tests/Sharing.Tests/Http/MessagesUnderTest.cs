using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Sharing.AspNetCore;
using Sharing.Testing;

namespace Sharing.Tests.Http;

/// <summary>A message server, and nothing else. Its clock stands still.</summary>
public sealed class MessagesUnderTest : RolesUnderTest
{
    public override string Purpose => "messages";

    public override string FormPage => "inbox";

    protected override bool HasPages => true;

    public FakeTimeProvider Clock { get; } = new();

    protected override SharingRoles Roles => SharingRoles.Messages;

    protected override void Configure(SharingBuilder sharing)
    {
        sharing.Services.AddSingleton<TimeProvider>(Clock);
        sharing.AddMessages().WithBackgroundWork(false).AddPages();
        sharing.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
    }

    internal override async Task<ISubjects> SubjectsAsync() => await MessageSubjects.MakeAsync(this);
}
