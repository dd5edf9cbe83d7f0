using System.CommandLine;
using Sharing.Photos;
using Spectre.Console;

namespace Sharing.Terminal.Commands;

/// <summary>Photos: <c>photos upload</c>, <c>photos sync</c>, <c>photos list</c>, <c>photos folders</c>, <c>photos delete</c>, <c>photos show</c>, <c>photos shown</c>, <c>photos close</c>, <c>photos received</c>, <c>photos get</c>.</summary>
static class PhotoCommands
{
    public static Command Make() => new("photos", "Uploads photos once, shows them to the friends you choose, and gets what friends show you.")
    {
        Upload(), Sync(), List(), Folders(), Delete(), Show(), Shown(), Close(), Received(), Get(),
    };

    static Command Upload()
    {
        var paths = new Argument<string[]>("PATH") { Description = "Pictures, or one folder of them", Arity = ArgumentArity.OneOrMore };
        var name = new Option<string?>("--name") { Description = "What the folder or the photo is called [default: the folder's name here; a photo: the day]" };
        var days = Days("How long the folder is kept [default: as your server has it]");
        return new Command("upload", "Uploads pictures. What was broken off goes on when you ask again.") { paths, name, days }.Does(async (shell, parse, cancellationToken) =>
        {
            var (uploader, some) = (shell.Kept<PhotoUploader>(), parse.GetValue(paths)!);
            if (some is [var folder] && Directory.Exists(folder))
            {
                var request = new FolderRequest { Name = parse.GetValue(name) ?? new DirectoryInfo(folder).Name, ValidFor = SpanOf(parse.GetValue(days)) };
                var sent = await PhotoProgress.ShowAsync(shell, progress => uploader.UploadFolderAsync(shell.Me, folder, request, progress, cancellationToken));
                shell.Print(sent, s => shell.Say($"{Photos(s.Uploaded.Count)} uploaded, {s.Known} were there. Show them with: sharing photos show {s.Folder.Id} --to PERSON"));
                return ExitCodes.Ok;
            }

            var ids = new List<PhotoId>();
            foreach (var path in some)
            {
                ids.Add(await PhotoProgress.ShowAsync(shell, progress => uploader.UploadAsync(shell.Me, path, parse.GetValue(name), progress, cancellationToken)));
            }

            shell.Print(ids, all => shell.Say($"{Photos(all.Count)} uploaded. Show them with: sharing photos show {string.Join(' ', all)} --to PERSON"));
            return ExitCodes.Ok;
        });
    }

    static Command Sync()
    {
        var path = new Argument<string>("FOLDER") { Description = "Where this device keeps its pictures" };
        var device = new Option<string>("--device") { Description = "What this device is called", DefaultValueFactory = static _ => Environment.MachineName };
        var days = Days("How old pictures may be [default: 7]");
        var all = new Option<bool>("--all") { Description = "However old they are" };
        var watch = new Option<bool>("--watch") { Description = "Goes on, and looks again each minute" };
        return new Command("sync", "Uploads this device's new pictures into a space of its own. What the server has from it is not sent.") { path, device, days, all, watch }.Does(async (shell, parse, cancellationToken) =>
        {
            TimeSpan? window = parse.GetValue(all) ? null : SpanOf(parse.GetValue(days)) ?? PhotoUploader.DefaultWindow;
            using var minutes = new PeriodicTimer(TimeSpan.FromMinutes(1));
            do
            {
                try
                {
                    var sent = await PhotoProgress.ShowAsync(shell, progress => shell.Kept<PhotoUploader>().UploadDeviceAsync(shell.Me, parse.GetValue(device)!, parse.GetValue(path)!, window, progress, cancellationToken));
                    if (!parse.GetValue(watch) || sent.Uploaded.Count > 0)
                    {
                        shell.Print(sent, s => shell.Say($"{Photos(s.Uploaded.Count)} uploaded, {s.Known} were there, {s.Outside} are older."));
                    }
                }
                catch (Exception e) when (parse.GetValue(watch) && e is HttpRequestException or SharingException { Code: ProblemCodes.FetchFailed })
                {
                    Console.Error.WriteLine(Output.Plain($"The server cannot be reached; it is tried again. {e.Message}"));
                }
            }
            while (parse.GetValue(watch) && await minutes.WaitForNextTickAsync(cancellationToken));
            return ExitCodes.Ok;
        });
    }

    static Command List()
    {
        var folder = new Option<string?>("--folder") { Description = "Those in a folder", HelpName = "ID" };
        var device = new Option<string?>("--device") { Description = "Those that came from a device by themselves", HelpName = "NAME" };
        var pictures = new Option<bool>("--pictures") { Description = "Draws them, small, where the terminal has colours" };
        return new Command("list", "Lists your photos.") { folder, device, pictures }.Does(async (shell, parse, cancellationToken) =>
        {
            var filter = new PhotoFilter(parse.GetValue(folder) is { } id ? IdOf<FolderId>(id, "a folder") : null, parse.GetValue(device));
            var photos = await shell.At<IPhotos>().ListAsync(shell.Me, filter, cancellationToken).ToListAsync(cancellationToken);
            if (parse.GetValue(pictures))
            {
                var own = shell.Kept<OwnPictures>();
                var drawn = new List<(string, string?)>();
                foreach (var photo in photos)
                {
                    drawn.Add((photo.Name, await own.FindAsync(shell.Me, photo, cancellationToken)));
                }

                shell.Print(photos, _ => AnsiConsole.Write(PhotoPictures.Of(drawn)));
                return ExitCodes.Ok;
            }

            shell.Print(photos, all => Output.Table(["PHOTO", "NAME", "SIZE", "UPLOADED", "UNTIL"], all.Select(static photo => (IReadOnlyList<string>)
                [photo.Id.Value, photo.Name, Output.Bytes(photo.Length), Output.Time(photo.Created), Output.Time(photo.Expires)])));
            return ExitCodes.Ok;
        });
    }

    static Command Folders() => new Command("folders", "Lists your folders.").Does(async (shell, _, cancellationToken) =>
    {
        var folders = await shell.At<IPhotoFolders>().ListAsync(shell.Me, cancellationToken).ToListAsync(cancellationToken);
        shell.Print(folders, all => Output.Table(["FOLDER", "NAME", "PHOTOS", "UNTIL"], all.Select(static folder => (IReadOnlyList<string>)
            [folder.Id.Value, folder.Name, folder.Arrived == folder.Announced ? $"{folder.Arrived}" : $"{folder.Arrived} of {folder.Announced}", Output.Time(folder.Expires)])));
        return ExitCodes.Ok;
    });

    static Command Delete()
    {
        var ids = new Argument<string[]>("ID") { Description = "Photos, or folders with all that is in them", Arity = ArgumentArity.OneOrMore };
        return new Command("delete", "Removes photos from the server, for everybody.") { ids }.Does(async (shell, parse, cancellationToken) =>
        {
            foreach (var id in parse.GetValue(ids)!)
            {
                if (!await shell.At<IPhotos>().DeleteAsync(shell.Me, IdOf<PhotoId>(id, "a photo"), cancellationToken)
                    && !await shell.At<IPhotoFolders>().DeleteAsync(shell.Me, IdOf<FolderId>(id, "a folder"), cancellationToken))
                {
                    throw CommandLine.Missing($"photo or folder {Output.Plain(id)}");
                }
            }

            shell.Print(parse.GetValue(ids)!, _ => shell.Say("Removed."));
            return ExitCodes.Ok;
        });
    }

    static Command Show()
    {
        var ids = new Argument<string[]>("ID") { Description = "Photos, or one folder", Arity = ArgumentArity.OneOrMore };
        var to = new Option<string[]>("--to") { Description = "Friends, or mail addresses", HelpName = "PERSON", Required = true, AllowMultipleArgumentsPerToken = true };
        var days = Days("How long it is open [default: as long as the photos are kept]");
        var metadata = new Option<CopyMetadata>("--metadata") { Description = "What besides the picture their copies have: all, nolocation (no place, no maker's notes), none", DefaultValueFactory = static _ => CopyMetadata.All };
        return new Command("show", "Shows photos, or a folder, to friends. They are told by mail; the link opens for them alone.") { ids, to, days, metadata }.Does(async (shell, parse, cancellationToken) =>
        {
            var (some, people) = (parse.GetValue(ids)!, parse.GetValue(to)!);
            FolderId? folder = some is [var one] && FolderId.TryParse(one, out var id) && await shell.At<IPhotoFolders>().FindAsync(shell.Me, id, cancellationToken) is not null ? id : null;
            var grants = await shell.At<IPhotoGrants>().GrantAsync(
                shell.Me,
                new()
                {
                    Folder = folder, Photos = folder is null ? [.. some.Select(static text => IdOf<PhotoId>(text, "a photo"))] : [],
                    Friends = [.. people.Where(static person => !person.Contains('@', StringComparison.Ordinal)).Select(SetupCommand.PersonOf)],
                    Addresses = [.. people.Where(static person => person.Contains('@', StringComparison.Ordinal))],
                    ValidFor = SpanOf(parse.GetValue(days)), Metadata = parse.GetValue(metadata),
                },
                cancellationToken);
            shell.Print(grants, all => shell.Say($"Shown to {all.Count}. Close it with: sharing photos close {all[0].Id}"));
            return ExitCodes.Ok;
        });
    }

    static Command Shown() => new Command("shown", "Lists what you show to whom, and who has looked.").Does(async (shell, _, cancellationToken) =>
    {
        var grants = await shell.At<IPhotoGrants>().ListAsync(shell.Me, cancellationToken).ToListAsync(cancellationToken);
        shell.Print(grants, all => Output.Table(["GRANT", "TO", "WHAT", "UNTIL", "OPENED", "DOWNLOADS"], all.Select(static grant => (IReadOnlyList<string>)
        [
            grant.Id.Value, grant.Address ?? grant.Friend?.Value ?? "", grant.Folder is { } folder ? $"folder {folder}" : Photos(grant.Photos.Count), grant.Expires is { } end ? Output.Time(end) : "",
            grant.Opened is { } opened ? Output.Time(opened) : "", $"{grant.Downloads}",
        ])));
        return ExitCodes.Ok;
    });

    static Command Close()
    {
        var grant = new Argument<string>("GRANT") { Description = "As photos shown lists it" };
        return new Command("close", "Shows it no more. What the friend has he keeps.") { grant }.Does(async (shell, parse, cancellationToken) =>
        {
            var id = IdOf<GrantId>(parse.GetValue(grant)!, "a grant");
            if (!await shell.At<IPhotoGrants>().RevokeAsync(shell.Me, id, cancellationToken))
            {
                throw CommandLine.Missing($"grant {id}");
            }

            shell.Print(new { closed = id }, _ => shell.Say("It is shown no more."));
            return ExitCodes.Ok;
        });
    }

    static Command Received() => new Command("received", "Lists what friends show you.").Does(async (shell, _, cancellationToken) =>
    {
        var views = await shell.At<IPhotoEntries>().ListAsync(shell.Me, cancellationToken).ToListAsync(cancellationToken);
        shell.Print(views, all => Output.Table(["GRANT", "FROM", "FOLDER", "PHOTOS", "SIZE", "UNTIL"], all.Select(static view => (IReadOnlyList<string>)
            [view.Id.Value, view.From.Value, view.Folder ?? "", $"{view.Photos.Count}", Output.Bytes(view.Photos.Sum(static photo => photo.Length)), view.Expires is { } end ? Output.Time(end) : ""])));
        return ExitCodes.Ok;
    });

    static Command Get()
    {
        var grant = new Argument<string>("GRANT") { Description = "As photos received lists it, or its link" };
        var into = new Option<string?>("--into") { Description = "The folder for them [default: one below the folder of downloads]", HelpName = "FOLDER" };
        return new Command("get", "Gets the photos that a friend shows you, as they are. What is here already is not fetched again.") { grant, into }.Does(async (shell, parse, cancellationToken) =>
        {
            var id = IdOf<GrantId>(parse.GetValue(grant)!.Split('/')[^1], "a grant");
            var view = await shell.At<IPhotoEntries>().OpenAsync(new(shell.Me), id, cancellationToken) ?? throw CommandLine.Missing("such grant, or it is not for you");
            var folder = Directory.CreateDirectory(parse.GetValue(into) ?? Path.Combine(shell.Settings.Downloads ?? shell.DataFolder, "photos", id.Value[..8])).FullName;
            var files = await PhotoProgress.ShowAsync(shell, progress => new PhotoGetter(shell.At<IPhotoEntries>()).GetAsync(shell.Me, view, folder, progress, cancellationToken));
            shell.Print(files, all => shell.Say($"{Photos(all.Count)} in {folder}"));
            return ExitCodes.Ok;
        });
    }

    static Option<int?> Days(string description) => new("--days") { Description = description, HelpName = "DAYS" };

    static TimeSpan? SpanOf(int? days) => days switch
    {
        null => null,
        > 0 and <= 36_500 => TimeSpan.FromDays(days.Value),
        _ => throw new SharingException(ProblemCodes.InvalidInput, "A number of days is at least 1."),
    };

    static T IdOf<T>(string text, string what)
        where T : struct, IParsable<T> => T.TryParse(text, null, out var id) ? id : throw new SharingException(ProblemCodes.InvalidInput, $"'{Output.Plain(text)}' is no id of {what}.");

    static string Photos(int count) => count == 1 ? "1 photo" : $"{count} photos";
}
