using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Photos;

namespace Sharing.AspNetCore;

/// <summary>A person's own photos: what he uploaded, to whom he shows it, and who looked (rows F5, F6 and F8).</summary>
static class PhotoPages
{
    const int Most = 200, MostDays = 366;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/photos", ListAsync).ExcludeFromDescription();
        group.MapGet("/photos/{id}", BytesAsync).ExcludeFromDescription();
        group.MapPost("/photos/share", ShareAsync).ExcludeFromDescription();
        group.MapPost("/photos/revoke", RevokeAsync).ExcludeFromDescription();
        group.MapPost("/photos/extend", ExtendAsync).ExcludeFromDescription();
        group.MapPost("/photos/delete", DeleteAsync).ExcludeFromDescription();
        group.MapPost("/photos/folder", ChangeFolderAsync).ExcludeFromDescription();
    }

    static async Task<IResult> ListAsync(HttpContext context, IPhotos photos, IPhotoFolders folders, IPhotoGrants grants, IRelationshipGraph graph, string? folder)
    {
        var (actor, cancellation) = (context.SignedIn(), context.RequestAborted);
        var inside = FolderId.TryParse(folder, out var id) ? await folders.FindAsync(actor, id, cancellation) : null;
        if (folder is not null && inside is null)
        {
            return ProblemPage.Result(context, ProblemCodes.NotFound, null);
        }

        var all = await folders.ListAsync(actor, cancellation).Take(Most).ToListAsync(cancellation);
        var some = await photos.ListAsync(actor, new(inside?.Id), cancellation).Take(Most).ToListAsync(cancellation);
        var given = await grants.ListAsync(actor, cancellation).Take(Most).ToListAsync(cancellation);
        var friends = (await graph.RelatedAsync(actor, RelationshipKinds.Friend, cancellation)).Keys.ToList();
        var names = await PersonNames.ManyAsync(context, [.. friends, .. given.Select(static grant => grant.Friend).OfType<PersonId>()], cancellation);
        var title = inside?.Name ?? "Photos";
        Html back = inside is null ? Html.None : $"""<p><a href="{PagesSite.Page(context, "/photos")}">All photos</a></p>""";
        return SharingPage.Result(context, title, $"""
            {back}<h1>{title}</h1>{Notice.Done(context)}{Upload(context, inside)}{(inside is null ? Html.None : OwnFolder(context, inside))}
            <div class="beside"><div>{(inside is null ? Folders(context, all) : Html.None)}{Photos(context, some, inside, [.. friends.OrderBy(one => names[one], StringComparer.OrdinalIgnoreCase)], names)}</div>{Given(context, given, names)}</div>
            """);
    }

    static async Task<IResult> BytesAsync(HttpContext context, IPhotos photos, string? preview)
    {
        var actor = context.SignedIn();
        return PhotoId.TryParse(PathValue.Of(context, "id"), out var id) && await photos.OpenAsync(actor, id, PhotoEndpoints.SizeOf(preview), context.RequestAborted) is { } bytes
            ? new GrantedResult(bytes) : ProblemPage.Result(context, ProblemCodes.NotFound, null);
    }

    static async Task<IResult> ShareAsync(HttpContext context, IPhotoGrants grants)
    {
        var (actor, form) = (context.SignedIn(), await context.Request.ReadFormAsync(context.RequestAborted));
        var chosen = form["photo"].Select(static text => PhotoId.TryParse(text, out var photo) ? photo : (PhotoId?)null).OfType<PhotoId>().ToList();
        var folder = FolderId.TryParse(form["folder"], out var inside) ? inside : (FolderId?)null;
        await grants.GrantAsync(
            actor,
            new()
            {
                Photos = chosen, Folder = chosen.Count == 0 ? folder : null, ValidFor = DaysOf(form), Metadata = Enum.TryParse<CopyMetadata>(form["metadata"], ignoreCase: true, out var metadata) && Enum.IsDefined(metadata) ? metadata : CopyMetadata.All,
                Friends = [.. form["friend"].Select(static text => PersonId.TryParse(text, out var friend) ? friend : (PersonId?)null).OfType<PersonId>()],
                Addresses = ((string?)form["addresses"] ?? "").Split([',', ';', ' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
            },
            context.RequestAborted);
        return new SeeOther(PagesSite.Page(context, folder is { } back ? $"/photos?folder={back}&done=shown" : "/photos?done=shown"));
    }

    static async Task<IResult> RevokeAsync(HttpContext context, IPhotoGrants grants)
    {
        var (actor, form) = (context.SignedIn(), await context.Request.ReadFormAsync(context.RequestAborted));
        return GrantId.TryParse(form["grant"], out var id) && await grants.RevokeAsync(actor, id, context.RequestAborted)
            ? new SeeOther(PagesSite.Page(context, "/photos?done=revoked")) : ProblemPage.Result(context, ProblemCodes.NotFound, null);
    }

    static async Task<IResult> ExtendAsync(HttpContext context, IPhotoGrants grants, TimeProvider time)
    {
        var (actor, form) = (context.SignedIn(), await context.Request.ReadFormAsync(context.RequestAborted));
        return GrantId.TryParse(form["grant"], out var id) && await grants.ExtendAsync(actor, id, DaysOf(form) is { } days ? time.GetUtcNow() + days : null, context.RequestAborted) is not null
            ? new SeeOther(PagesSite.Page(context, "/photos?done=extended")) : ProblemPage.Result(context, ProblemCodes.NotFound, null);
    }

    static async Task<IResult> DeleteAsync(HttpContext context, IPhotos photos)
    {
        var (actor, form) = (context.SignedIn(), await context.Request.ReadFormAsync(context.RequestAborted));
        return PhotoId.TryParse(form["remove"], out var id) && await photos.DeleteAsync(actor, id, context.RequestAborted)
            ? new SeeOther(PagesSite.Page(context, FolderId.TryParse(form["folder"], out var folder) ? $"/photos?folder={folder}&done=deleted" : "/photos?done=deleted")) : ProblemPage.Result(context, ProblemCodes.NotFound, null);
    }

    /// <summary>Another name or end, or none of it any more.</summary>
    static async Task<IResult> ChangeFolderAsync(HttpContext context, IPhotoFolders folders, TimeProvider time)
    {
        var (actor, form) = (context.SignedIn(), await context.Request.ReadFormAsync(context.RequestAborted));
        if (!FolderId.TryParse(form["folder"], out var id))
        {
            return ProblemPage.Result(context, ProblemCodes.NotFound, null);
        }

        if (form.ContainsKey("remove"))
        {
            return await folders.DeleteAsync(actor, id, context.RequestAborted) ? new SeeOther(PagesSite.Page(context, "/photos?done=deleted")) : ProblemPage.Result(context, ProblemCodes.NotFound, null);
        }

        var change = new PhotoChange { Name = form["name"] is [{ Length: > 0 } name] ? name : null, Expires = DaysOf(form) is { } days ? time.GetUtcNow() + days : null };
        return await folders.ChangeAsync(actor, id, change, context.RequestAborted) is not null
            ? new SeeOther(PagesSite.Page(context, $"/photos?folder={id}&done=changed")) : ProblemPage.Result(context, ProblemCodes.NotFound, null);
    }

    static TimeSpan? DaysOf(IFormCollection form) =>
        int.TryParse(form["days"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= MostDays ? TimeSpan.FromDays(number) : null;

    static Html OwnFolder(HttpContext context, PhotoFolder folder)
    {
        var until = Figures.In(folder.Expires, context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        return $"""
            <details class="card"><summary>Folder: removed {until}</summary>
            <form class="stack" method="post" action="{PagesSite.Page(context, "/photos/folder")}">{SharingPage.Fields(context, ("folder", folder.Id.Value))}
            <label for="name">Name</label><input id="name" name="name" maxlength="{PhotoNameLength}" value="{folder.Name}">
            <label for="keep">Keep for (days from today)</label><input id="keep" name="days" type="number" min="1" max="{MostDays}">
            <div class="buttons"><button class="button">Save</button><button class="button quiet" name="remove" value="true">Remove the folder and its photos</button></div></form></details>
            """;
    }

    /// <summary>Where files are dropped or chosen; photos.js does the rest, and goes on where a broken upload stands when the same files are chosen again.</summary>
    static Html Upload(HttpContext context, PhotoFolder? folder)
    {
        var links = context.RequestServices.GetRequiredService<LinkGenerator>();
        var (uploads, folders) = (links.GetPathByName(context, "createUpload", new RouteValueDictionary { ["purpose"] = PhotoUploads.Purpose }), links.GetPathByName(context, "createPhotoFolder", []));
        var assets = context.RequestServices.GetRequiredService<PageAssets>();
        Html name = folder is null ? (Html)$"""<label for="folder">Name of a new folder</label><input id="folder" maxlength="{PhotoNameLength}" placeholder="None: the photos stand alone">""" : Html.None;
        return uploads is null ? Html.None : (Html)$"""
            <section class="card drop" id="upload" data-uploads="{uploads}" data-folders="{folders}" data-folder="{folder?.Id.Value}"><h2>Upload</h2>
            <div class="stack">{name}<label for="files">Photos, or drop them here</label><input id="files" type="file" multiple></div>
            <div class="progress" hidden><progress max="1" value="0" aria-label="Upload"></progress><p><span class="said" role="status"></span></p></div>
            <noscript><p class="notice">Uploading from this page needs JavaScript.</p></noscript></section>
            <script type="module" src="{assets.Address(context, "photos.js")}"></script>
            """;
    }

    const int PhotoNameLength = 200;

    static Html Folders(HttpContext context, List<PhotoFolder> folders) => folders.Count == 0 ? Html.None : $"""
        <section class="card"><h2>Folders</h2><ul class="photos">{Html.Each(folders, folder => $"""
        <li><a href="{PagesSite.Page(context, $"/photos?folder={folder.Id}")}">{(folder.Cover is { } cover ? (Html)$"""<img src="{PagesSite.Page(context, $"/photos/{cover}?preview={PreviewSizes.List}")}" alt="" loading="lazy">""" : Html.None)}<span class="hidden">{folder.Name}</span></a>
        <strong class="name">{folder.Name}</strong><span class="facts">{(folder.Announced > folder.Arrived ? $"{folder.Arrived} of {Figures.Some(folder.Announced, "photo")} uploaded" : Figures.Some(folder.Arrived, "photo"))}</span></li>
        """)}</ul></section>
        """;

    static Html Photos(HttpContext context, List<Photo> photos, PhotoFolder? folder, List<PersonId> friends, IReadOnlyDictionary<PersonId, string> names)
    {
        if (photos.Count == 0)
        {
            return $"""<section class="card plain"><h2>No photos here</h2><p>What you upload appears here, and nobody else sees it until you show it.</p></section>""";
        }

        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        Html who = Html.Each(friends, friend => $"""<label class="choice"><input type="checkbox" name="friend" value="{friend}"><span>{names[friend]}</span></label>""");
        var what = folder is null ? "the photos that you choose" : "the photos that you choose, or the whole folder if you choose none,";
        return $"""
            <form method="post" action="{PagesSite.Page(context, "/photos/share")}">{SharingPage.Fields(context, ("folder", folder?.Id.Value ?? ""))}
            <section class="card"><h2>Show to friends</h2><p class="muted">Each gets a link that opens {what} for him alone.</p>
            <fieldset class="stack"><legend class="hidden">Friends</legend>{who}</fieldset>
            <div class="stack"><label for="addresses">Mail addresses of others</label><input id="addresses" name="addresses" autocomplete="off"><label for="days">Open for (days)</label><input id="days" name="days" type="number" min="1" max="{MostDays}" placeholder="As long as the photos are kept">
            <label for="metadata">Their copies have</label><select id="metadata" name="metadata"><option value="All">Everything that is in your files</option><option value="NoLocation">No place, and no maker's notes</option><option value="None">The pictures alone</option></select></div>
            <button class="button">Show</button></section>
            <section class="card"><h2>{Figures.Some(photos.Count, "photo")}</h2><ul class="photos">{Html.Each(photos, photo => Tile(context, photo, folder, now))}</ul></section></form>{EntryPages.Script(context)}
            """;
    }

    static Html Tile(HttpContext context, Photo photo, PhotoFolder? folder, DateTimeOffset now)
    {
        var address = PagesSite.Page(context, $"/photos/{photo.Id}");
        var shown = new GrantedPhoto
        {
            Id = photo.Id, Name = photo.Name, Length = photo.Length, Width = photo.Width, Height = photo.Height, Expires = photo.Expires, Previews = photo.Previews, ThumbHash = photo.ThumbHash,
        };
        Html device = photo.Device is { } from && folder is null ? (Html)$""" · from {from}""" : Html.None;
        return $"""
            <li><a href="{address}" download>{EntryPages.Picture(address, shown)}</a>
            <label><input type="checkbox" name="photo" value="{photo.Id}"><span class="name">{photo.Name}</span></label>
            <span class="line"><span class="facts">{Figures.Size(photo.Length)} · removed {Figures.In(photo.Expires, now)}{device}</span><button class="button quiet" formaction="{PagesSite.Page(context, "/photos/delete")}" name="remove" value="{photo.Id}">Remove<span class="hidden"> {photo.Name}</span></button></span></li>
            """;
    }

    static Html Given(HttpContext context, List<Grant> grants, IReadOnlyDictionary<PersonId, string> names)
    {
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        Html Line(Grant grant)
        {
            Html ends = grant.Expires is { } end ? (Html)$"""<span class="facts">closes {Figures.In(end, now)}</span>""" : Html.None;
            var who = grant.Friend is { } friend ? names[friend] : grant.Address!;
            Html opened = grant.Opened is { } at ? (Html)$"""<span class="pill good">Opened {Figures.Ago(at, now)}</span>""" : $"""<span class="pill">Not opened</span>""";
            Html downloads = grant.Downloads > 0 ? (Html)$"""<span class="facts">{Figures.Some(grant.Downloads, "download")}</span>""" : Html.None;
            return $"""
                <li><span class="line"><strong>{who}</strong><span class="facts">{(grant.Folder is null ? Figures.Some(grant.Photos.Count, "photo") : "a folder")}</span></span><span class="line">{opened}{downloads}{ends}</span>
                <div class="line"><form method="post" action="{PagesSite.Page(context, "/photos/revoke")}">{SharingPage.Fields(context, ("grant", grant.Id.Value))}<button class="button quiet">Close<span class="hidden"> for {who}</span></button></form>
                <details><summary>Extend<span class="hidden"> for {who}</span></summary><form class="stack" method="post" action="{PagesSite.Page(context, "/photos/extend")}">{SharingPage.Fields(context, ("grant", grant.Id.Value))}
                <label for="extend-{grant.Id}">Open for (days from today)</label><input id="extend-{grant.Id}" name="days" type="number" min="1" max="{MostDays}" placeholder="As long as the photos are kept"><button class="button">Extend</button></form></details></div></li>
                """;
        }

        return grants.Count == 0 ? Html.None : $"""<aside class="card" aria-labelledby="given"><h2 id="given">Shown to</h2><ul class="ledger">{Html.Each(grants, Line)}</ul></aside>""";
    }
}
