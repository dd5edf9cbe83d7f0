using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Sharing.AspNetCore;
using Sharing.Photos;
using Sharing.Testing;

namespace Sharing.Tests.Http;

/// <summary>A photo server, and nothing else. Its clock stands still.</summary>
public sealed class PhotosUnderTest : RolesUnderTest
{
    public override string Purpose => PhotoUploads.Purpose;

    public override string FormPage => "photos";

    public FakeTimeProvider Clock { get; } = new();

    protected override SharingRoles Roles => SharingRoles.Photos;

    protected override bool HasPages => true;

    protected override void Configure(SharingBuilder sharing)
    {
        sharing.Services.AddSingleton<TimeProvider>(Clock);
        sharing.AddPhotos().WithBackgroundWork(false).AddPages();
        sharing.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
    }

    internal override async Task<ISubjects> SubjectsAsync() => await PhotoSubjects.MakeAsync(this);
}
