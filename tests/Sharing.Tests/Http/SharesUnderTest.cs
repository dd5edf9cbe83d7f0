using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Tests.Http;

/// <summary>A shared-data server with its index, and nothing else.</summary>
public sealed class SharesUnderTest : RolesUnderTest
{
    public override string Purpose => IShares.Purpose;

    protected override SharingRoles Roles => SharingRoles.Data | SharingRoles.Index;

    protected override void Configure(SharingBuilder sharing) => sharing.AddSharedData();

    /// <summary>A share of the owner's.</summary>
    internal async Task<ShareId> ShareAsync(string audience, string text)
    {
        var (uploads, bytes) = (Get<Core.Uploads>(), System.Text.Encoding.UTF8.GetBytes(text));
        var metadata = UploadMetadata.Of([new("filename", "film.mkv"), new("audience", audience)]);
        var upload = (await uploads.CreateAsync(IdOf(Actor.Owner), IShares.Purpose, new(bytes.Length, metadata)))!;
        upload = (await uploads.AppendAsync(IdOf(Actor.Owner), IShares.Purpose, upload.Id, new(0, new MemoryStream(bytes))))!;
        return ShareId.Parse(upload.Result!);
    }

    internal override async Task<ISubjects> SubjectsAsync() => await ShareSubjects.MakeAsync(this);
}
